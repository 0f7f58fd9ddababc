# SPDX-License-Identifier: Apache-2.0
"""A seal in an OFD: every file protected, and what is refused at which step."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from lxml import etree

from yiwang.engines.papers import seal_ofd
from yiwang.engines.papers.zips import Entry, read, write
from yiwang.engines.sealing import (
    SealingError,
    parse_signature,
    sm3,
)
from yiwang.engines.sealing.tests.samples import World

from .support import SIGN, checked, office, package, packed, refused, sealed, template

NAMES = {"ofd": "http://www.ofdspec.org/2016"}


def test_an_ofd_names_every_file_and_shows_its_seal() -> None:
    files = package()
    signature = etree.fromstring(files[f"{SIGN}/Signature.xml"])
    listed = {one.get("FileRef").lstrip("/") for one in signature.iterfind(".//ofd:Reference", NAMES)}
    assert listed == set(files) - {f"{SIGN}/Signature.xml", f"{SIGN}/SignedValue.dat"}
    for one in signature.iterfind(".//ofd:Reference", NAMES):
        value = base64.b64decode(one.findtext("ofd:CheckValue", namespaces=NAMES))
        assert value == sm3(files[one.get("FileRef").lstrip("/")])
    stamp = signature.find(".//ofd:StampAnnot", NAMES)
    assert stamp.get("Boundary") == "139 79 42 42"
    assert files[f"{SIGN}/Seal.esl"] == office().own_seal
    assert parse_signature(files[f"{SIGN}/SignedValue.dat"]).digest == sm3(files[f"{SIGN}/Signature.xml"])


def test_zip_programs_read_our_packages() -> None:
    with zipfile.ZipFile(io.BytesIO(sealed("ofd"))) as opened:
        assert opened.testzip() is None
        assert {info.filename: opened.read(info) for info in opened.infolist()} == package()


def test_we_read_packages_of_other_programs() -> None:
    files = package()
    for streamed in (False, True):
        file = io.BytesIO()
        target = Streamed(file) if streamed else file
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
            opened.writestr("Doc_0/", b"")
            for name, content in files.items():
                opened.writestr(name, content)
        assert checked(file.getvalue()).ok


class Streamed(io.RawIOBase):
    """A file that cannot be gone back in: sizes then follow after each entry."""

    def __init__(self, inner: io.BytesIO) -> None:
        self.inner = inner

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self.inner.write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", sorted({"OFD.xml", "Doc_0/Document.xml", "Doc_0/PublicRes.xml", "Doc_0/Pages/Page_0/Content.xml",
                    "Doc_0/Tpls/Tpl_0/Content.xml", "Doc_0/Res/font_10.ttf", "Doc_0/Signs/Signatures.xml",
                    f"{SIGN}/Seal.esl"})
)  # fmt: skip
def test_a_changed_file_is_named(name: str) -> None:
    files = package()
    assert name in files
    changed = files[name] + b" "
    assert name in refused(packed({**files, name: changed}), "没有改动")


def test_a_changed_signature_is_refused() -> None:
    files = package()
    for name, step in [(f"{SIGN}/Signature.xml", "原文杂凑值"), (f"{SIGN}/SignedValue.dat", "签章数据完整")]:
        refused(packed({**files, name: files[name] + b"\n"}), step)
    moved = files[f"{SIGN}/Signature.xml"].replace(b"139 79 42 42", b"10 10 42 42")
    refused(packed({**files, f"{SIGN}/Signature.xml": moved}), "原文杂凑值")


@pytest.mark.parametrize("name", ["Doc_0/Annots/Annot_0.xml", "extra.txt", f"{SIGN}/more.dat"])
def test_an_added_file_is_refused(name: str) -> None:
    assert name in refused(packed({**package(), name: b"<x/>"}), "每个文件都受保护")


def test_a_removed_or_renamed_file_is_refused() -> None:
    files = package()
    for name in sorted(files):
        rest = {one: content for one, content in files.items() if one != name}
        assert not checked(packed(rest)).ok, name
        assert not checked(packed({**rest, f"x{name}": files[name]})).ok, name


def test_the_order_of_files_means_nothing() -> None:
    assert checked(packed(dict(reversed(package().items())))).ok


def test_a_file_said_twice_is_refused() -> None:
    entries = read(sealed("ofd"))
    for twin in (entries[0], Entry.of("ofd.XML", b"<other/>"), Entry.of("../OFD.xml", b"")):
        assert checked(write([*entries, twin])).failed == checked(write([*entries, twin])).steps[0]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a\\b", "c:x", "a//b", "a/./b", "x\0y", "."])
def test_names_that_lead_out_are_refused(name: str) -> None:
    refused(write([*read(sealed("ofd")), Entry.of(name, b"")]), "OFD 包")


def test_the_seal_of_another_office_does_not_pass_for_ours() -> None:
    files = package()
    signature = files[f"{SIGN}/Signature.xml"].decode()
    other = World().seal()
    digest = base64.b64encode(sm3(files[f"{SIGN}/Seal.esl"])).decode()
    swapped = signature.replace(digest, base64.b64encode(sm3(other)).decode()).encode()
    told = refused(
        packed({**files, f"{SIGN}/Seal.esl": other, f"{SIGN}/Signature.xml": swapped}), "签章数据完整"
    )
    assert "不是同一个" in told


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ('CheckMethod="SM3"', 'CheckMethod="MD5"', "算法"),
        (' CheckMethod="SM3"', "", "算法"),
        ("1.2.156.10197.1.501", "1.2.840.113549.1.1.5", "算法"),
        ('PageRef="1"', 'PageRef="77"', "页面上"),
        ("<ofd:SignedValue>", "<ofd:SignedValue>../../../..", "签章"),
        ("</ofd:References>", "</ofd:References><ofd:References/>", "算法"),
    ],
)
def test_a_signature_that_says_something_else_is_refused(old: str, new: str, step: str) -> None:
    files = package()
    text = files[f"{SIGN}/Signature.xml"].decode()
    assert old in text
    refused(packed({**files, f"{SIGN}/Signature.xml": text.replace(old, new).encode()}), step)


def test_an_ofd_without_a_seal_says_so() -> None:
    files = {name: content for name, content in package().items() if "Signs" not in name}
    files["OFD.xml"] = files["OFD.xml"].split(b"<ofd:Signatures>")[0] + b"</ofd:DocBody></ofd:OFD>"
    assert "没有电子签章" in refused(packed(files), "有一个电子签章")


def test_a_sealed_ofd_is_not_sealed_again() -> None:
    with pytest.raises(SealingError, match="已经盖过章"):
        seal_ofd(sealed("ofd"), office().picture, template().seal, office().press)
