# SPDX-License-Identifier: Apache-2.0
"""A sealed file passes; whatever is done to it afterwards is refused at a named step, in no time."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
import random
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from yiwang.engines.papers import check_file, form_of, protected_parts, render_pdf, seal_ofd, seal_pdf
from yiwang.engines.papers.zips import Entry, read, write
from yiwang.engines.sealing import (
    Report,
    SealingError,
    TrustStore,
    parse_signature,
    sm3,
    write_openssl_kit,
)
from yiwang.engines.sealing.tests.samples import NOW, World
from yiwang.kernel.canonical import canonical_json

from .support import VALUES, fonts, office, sealed, template

FORMS = ("pdf", "ofd", "json")
NAMES = {"ofd": "http://www.ofdspec.org/2016"}
SIGN = "Doc_0/Signs/Sign_0"


def checked(data: bytes) -> Report:
    return check_file(data, office().believed, at=NOW)


def refused(data: bytes, step: str) -> str:
    """The file is refused at this step; why."""
    report = checked(data)
    assert report.failed is not None, "it passed"
    assert step in report.failed.name, (report.failed, step)
    assert report.failed.why.endswith("。")
    assert [one.number for one in report.steps] == list(range(1, len(report.steps) + 1))
    return report.failed.why


@pytest.mark.parametrize("form", FORMS)
def test_a_sealed_file_passes_every_step(form: str) -> None:
    data = sealed(form)
    report = checked(data)
    assert report.ok, report.failed
    assert form_of(data) == form
    assert all(step.ok and step.why for step in report.steps)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_protected_has_the_digest_in_the_signature(form: str) -> None:
    [(name, protected, der)] = protected_parts(sealed(form))
    assert sm3(protected) == parse_signature(der).digest
    assert name


@pytest.mark.parametrize("form", FORMS)
def test_openssl_accepts_the_seal_and_refuses_it_after_one_flipped_bit(form: str, tmp_path: Path) -> None:
    [(_, protected, der)] = protected_parts(sealed(form))
    commands = write_openssl_kit(der, tmp_path)
    assert [run(command, tmp_path) for command in commands] == [0] * len(commands)
    (tmp_path / "protected").write_bytes(protected)
    told = subprocess.run(
        ["openssl", "dgst", "-sm3", "-binary", "protected"], cwd=tmp_path, capture_output=True, check=True
    )
    assert told.stdout == parse_signature(der).digest
    signed = next(path for path in tmp_path.glob("*.signed.der") if told.stdout in path.read_bytes())
    data = bytearray(signed.read_bytes())
    data[data.index(told.stdout)] ^= 1
    signed.write_bytes(bytes(data))
    assert any(run(command, tmp_path) != 0 for command in commands)


def run(command: str, folder: Path) -> int:
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, check=False).returncode


@pytest.mark.parametrize("form", FORMS)
def test_another_authority_another_time_and_no_trust_are_refused(form: str) -> None:
    data = sealed(form)
    late = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)
    assert not check_file(data, World().trust(), at=NOW).ok
    assert not check_file(data, TrustStore((), ()), at=NOW).ok
    assert not check_file(data, office().believed, at=late).ok


@pytest.mark.parametrize("form", FORMS)
def test_every_flipped_byte_is_refused(form: str) -> None:
    data = sealed(form)
    chance = random.Random(20260601)
    places = {*range(0, len(data), len(data) // 60), *range(30), *range(len(data) - 60, len(data))}
    places |= {chance.randrange(len(data)) for _ in range(60)}
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        report = checked(bytes(changed))
        assert not report.ok or same_content(bytes(changed), data), f"byte {place} of {len(data)}"


def same_content(one: bytes, other: bytes) -> bool:
    """Two packages of the same files: what ZIP says besides (times, attributes) means nothing."""
    return form_of(one) == "ofd" and [(e.name, e.content) for e in read(one)] == [
        (e.name, e.content) for e in read(other)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_truncation_is_refused(form: str) -> None:
    data = sealed(form)
    for length in [*range(0, len(data), len(data) // 25), len(data) - 1]:
        assert not checked(data[:length]).ok


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tail", [b" ", b"\n", b"\0", b"%%EOF\n", b"PK\x05\x06" + bytes(18)])
def test_nothing_may_follow(form: str, tail: bytes) -> None:
    assert not checked(sealed(form) + tail).ok


@pytest.mark.parametrize("junk", [b"", b"{", b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n", b"<html>", bytes(1000)])
def test_anything_else_is_refused_at_the_first_step(junk: bytes) -> None:
    failed = checked(junk).failed
    assert failed is not None
    assert failed.number == 1
    with pytest.raises(SealingError):
        protected_parts(junk)


def test_random_bytes_never_raise() -> None:
    chance = random.Random(7)
    for begin in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b'{"a":'):
        for _ in range(150):
            assert not checked(begin + chance.randbytes(chance.randrange(400))).ok


# --- PDF -----------------------------------------------------------------------------------------


def test_the_seal_of_a_pdf_is_a_signature_field_with_its_picture() -> None:
    with pikepdf.open(io.BytesIO(sealed("pdf"))) as pdf:
        [field] = pdf.Root.AcroForm.Fields
        assert (str(field.FT), str(field.V.SubFilter), int(field.F)) == ("/Sig", "/GM.sm2seal", 132)
        picture = field.AP.N.Resources.XObject.I
        assert (int(picture.Width), int(picture.SMask.Height)) == (992, 992)
        left, bottom, right, top = (float(one) for one in field.Rect)
        assert ((left + right) / 2 / 72 * 25.4, 148 - (bottom + top) / 2 / 72 * 25.4) == pytest.approx(
            (160, 100), abs=0.05
        )
        assert pdf.pages[0].Annots[0].objgen == field.objgen
        assert parse_signature(bytes(field.V.Contents).rstrip(b"\0")).seal.picture == office().picture
        assert pdf.check_pdf_syntax() == []


def test_what_was_printed_stays_byte_for_byte() -> None:
    plain = render_pdf(template(), VALUES, fonts=fonts())
    assert seal_pdf(plain, office().picture, template().seal, office().press).startswith(plain)


def test_a_revision_appended_to_a_pdf_is_refused() -> None:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed("pdf"))) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(file)
    assert not checked(file.getvalue()).ok
    data = sealed("pdf")
    start = data.rindex(b"startxref")
    more = b"1 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\nxref\n0 0\ntrailer\n<</Size 99/Root 1 0 R>>\n"
    assert "追加" in refused(data + more + data[start:], "覆盖全文")


def test_the_picture_of_a_pdf_cannot_be_swapped() -> None:
    data = sealed("pdf")
    place = data.index(b"/SMask ")
    start = data.index(b"stream\n", place) + 40
    refused(data[:start] + b"\0\1\2\3" + data[start + 4 :], "原文杂凑值")


def test_a_byte_range_that_leaves_something_out_is_refused() -> None:
    data = sealed("pdf")
    start = data.index(b"/ByteRange[0 ")
    end = data.index(b"]", start)
    first, second, length = map(int, data[start + 13 : end].split())
    for numbers in [
        (first - 1, second, length),
        (first, second + 1, length - 1),
        (first, second, length - 5),
    ]:
        changed = data[:start] + b"/ByteRange[0 %10d %10d %10d" % numbers + data[end:]
        refused(changed, "签章")
    shifted = data[:start] + data[start:end].replace(b"[0 ", b"[5 ") + data[end:]
    refused(shifted, "覆盖全文")


def test_two_signatures_in_a_pdf_are_refused() -> None:
    data = sealed("pdf")
    assert "不止一个" in refused(data.replace(b"\n%%EOF", b"\n%/ByteRange[0 1 2 3]\n%%EOF", 1), "只有一个")


def test_contents_hold_the_signature_and_nothing_else() -> None:
    data = sealed("pdf")
    start = data.index(b"/Contents<", data.index(b"/ByteRange")) + 10
    end = data.index(b">", start)
    refused(data[: end - 2] + b"ff" + data[end:], "签章数据完整")
    refused(data[:start] + data[start:end].upper() + data[end:], "签章数据完整")
    refused(data[:start] + b"30ff" + data[start + 4 :], "签章数据完整")
    zero = data[:start] + b"0" * (end - start) + data[end:]
    refused(zero, "签章数据完整")


def test_a_signature_taken_from_another_pdf_is_refused() -> None:
    one = sealed("pdf")
    other = render_pdf(template(), {**VALUES, "firm-name": "别家饭店"}, fonts=fonts())
    two = seal_pdf(other, office().picture, template().seal, office().press)
    places = [(data.index(b"/Contents<", data.index(b"/ByteRange")) + 10) for data in (one, two)]
    length = one.index(b">", places[0]) - places[0]
    moved = two[: places[1]] + one[places[0] : places[0] + length] + two[places[1] + length :]
    assert checked(two).ok
    assert not checked(moved).ok


def test_a_pdf_from_elsewhere_is_sealed_too_and_a_sealed_one_not_again() -> None:
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    data = seal_pdf(file.getvalue(), office().picture, template().seal, office().press)
    assert checked(data).ok
    with pytest.raises(SealingError, match="不能再盖章"):
        seal_pdf(data, office().picture, template().seal, office().press)
    with pytest.raises(SealingError, match="不是可以盖章的 PDF"):
        seal_pdf(b"%PDF-1.7 nothing", office().picture, template().seal, office().press)


# --- OFD -----------------------------------------------------------------------------------------


def package() -> dict[str, bytes]:
    return {entry.name: entry.content for entry in read(sealed("ofd"))}


def packed(files: dict[str, bytes]) -> bytes:
    return write(Entry.of(name, content) for name, content in files.items())


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


# --- bombs ---------------------------------------------------------------------------------------


def quick(data: bytes, step: str) -> None:
    start = time.monotonic()
    refused(data, step)
    assert time.monotonic() - start < 2


def xml_bombs() -> dict[str, bytes]:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    deep = b"<a>" * 200_000 + b"</a>" * 200_000
    pages = b'<ofd:Page ID="1" BaseLoc="a"/>' * 300_000
    document = (
        b'<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>%s</ofd:Pages></ofd:Document>'
    )
    return {
        "laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a>&l11;</a>'.encode(),
        "outside": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "utf-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        "utf-7": b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        "deep": deep,
        "pages": document % pages,
        "wide": b"<a " + b" ".join(b'x%d="1"' % i for i in range(100_000)) + b"/>",
        "huge": b"<a>" + b"x" * 17_000_000 + b"</a>",
    }


@pytest.mark.parametrize("bomb", sorted(xml_bombs()))
@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Signs/Signatures.xml", f"{SIGN}/Signature.xml"])
def test_xml_bombs_end_quickly(bomb: str, name: str) -> None:
    quick(packed({**package(), name: xml_bombs()[bomb]}), "")


def test_zip_bombs_end_quickly() -> None:
    flat = write([Entry.of("OFD.xml", bytes(40_000_000))])
    quick(flat, "OFD 包")
    many = write(Entry.of(f"f{number}", b"") for number in range(501))
    assert "501" in refused(many, "OFD 包")
    heavy = write(Entry(f"f{number}", b"x" * 900_000, *packed_as(900_000)) for number in range(80))
    assert "太大" in refused(heavy, "OFD 包")
    liar = bytearray(write([Entry.of("OFD.xml", b"a" * 10_000)]))
    end = liar.index(b"PK\x01\x02") + 24
    liar[end : end + 4] = (100).to_bytes(4, "little")
    quick(bytes(liar), "OFD 包")


def packed_as(size: int) -> tuple[bytes, int]:
    one = Entry.of("x", b"x" * size)
    return one.packed, one.method


def test_what_the_directory_hides_is_refused() -> None:
    data = sealed("ofd")
    start = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    hidden = data[:start] + b"hidden" + data[start:end] + data[end : end + 16]
    moved = hidden + (start + 6).to_bytes(4, "little") + b"\0\0"
    assert "没有列出" in refused(moved, "OFD 包")
    before = b"MZ" + data
    assert checked(before).failed == checked(before).steps[0]


def test_json_bombs_end_quickly() -> None:
    for bomb in (b"[" * 3_000_000, b'{"a":' * 500_000, b'{"a":' + b"9" * 100_000 + b"}", b'{"a":1e999}'):
        quick(bomb if bomb.startswith(b"{") else b'{"x":' + bomb, "JSON")


# --- JSON ----------------------------------------------------------------------------------------


def test_json_that_is_written_otherwise_is_refused() -> None:
    data = sealed("json")
    value = json.loads(data)
    for other in (
        json.dumps(value, ensure_ascii=False).encode(),
        json.dumps(value, sort_keys=True, separators=(",", ":")).encode(),
        data.replace(b'{"document":', b'{"document":{},"document":', 1),
        b"\xef\xbb\xbf" + data,
    ):
        assert not checked(other).ok


def test_json_that_says_something_else_is_refused() -> None:
    value = json.loads(sealed("json"))
    changed = json.loads(sealed("json"))
    changed["document"]["metadata"]["CertificateNumber"] = "JY99"
    refused(canonical_json(changed), "原文杂凑值")
    refused(canonical_json({**value, "more": 1}), "带签章的 JSON")
    refused(canonical_json({**value, "format": "yiwang-sealed/9"}), "带签章的 JSON")
    refused(canonical_json({**value, "seal": {**value["seal"], "property": "other"}}), "规范写法")
    refused(canonical_json({**value, "seal": {**value["seal"], "value": "!!"}}), "签章数据完整")


def test_openssl_is_there() -> None:
    assert shutil.which("openssl"), "install openssl: licences are checked with it"


def slow_press(times: list[float]) -> Callable[[bytes, str], bytes]:
    def press(digest: bytes, about: str) -> bytes:
        times.append(0.0)
        return office().press(digest, about)

    return press


def test_the_press_is_used_once() -> None:
    times: list[float] = []
    pdf = render_pdf(template(), VALUES, fonts=fonts())
    seal_pdf(pdf, office().picture, template().seal, slow_press(times))
    assert len(times) == 1
