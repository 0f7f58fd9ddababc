# SPDX-License-Identifier: Apache-2.0
"""What is accepted and what is refused, by the bytes alone."""

from __future__ import annotations

import io
import resource
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from yiwang.apps.materials.domain.judging import judge, read_all
from yiwang.apps.materials.domain.refusals import FileRefused

from . import samples

ALL = ("pdf", "jpg", "png", "ofd")
Change = Callable[[pikepdf.Pdf], object]


def _action(**entries: Any) -> Dictionary:
    return Dictionary(Type=Name.Action, **entries)


def _go_to_first_page(document: pikepdf.Pdf) -> Array:
    return Array([document.pages[0].obj, Name.XYZ, 0, 0, 0])


def _set_root(key: str, value: Callable[[pikepdf.Pdf], Any]) -> Change:
    return lambda document: document.Root.__setitem__(key, value(document))


def _script(_: pikepdf.Pdf) -> Dictionary:
    return _action(S=Name.JavaScript, JS=String("app.alert(1)"))


def _on_page(key: str, value: Any) -> Change:
    return lambda document: document.pages[0].obj.__setitem__(key, value)


def _attach(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


ACTING: dict[str, Change] = {
    "script when opened": _set_root("/OpenAction", _script),
    "script in the names": _set_root("/Names", lambda d: Dictionary(JavaScript=Dictionary(Names=Array([])))),
    "script when the page opens": _on_page("/AA", Dictionary(O=_action(S=Name.JavaScript, JS=String("x")))),
    "program": _set_root("/OpenAction", lambda d: _action(S=Name.Launch, F=String("cmd.exe"))),
    "web address when opened": _set_root(
        "/OpenAction", lambda d: _action(S=Name.URI, URI=String("http://x"))
    ),
    "chained action": _set_root(
        "/OpenAction", lambda d: _action(S=Name.GoTo, D=_go_to_first_page(d), Next=_script(d))
    ),
    "form that sends itself": _on_page(
        "/Annots", Array([Dictionary(Subtype=Name.Link, A=_action(S=Name.SubmitForm, F=String("http://x")))])
    ),
    "dynamic form": _set_root("/AcroForm", lambda d: Dictionary(XFA=String("<xdp/>"))),
    "multimedia": _on_page("/Annots", Array([Dictionary(Subtype=Name.RichMedia)])),
    "attachment": _attach,
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("change", ACTING.values(), ids=ACTING.keys())
def test_a_pdf_that_acts_is_refused_also_when_its_objects_are_packed(change: Change, packed: bool) -> None:
    content = samples.pdf(change, packed=packed)
    with pytest.raises(FileRefused, match=r"自动运行|附件") as refused:
        judge(content, ALL)
    assert "另存为 PDF" in refused.value.mend


def test_a_script_hidden_behind_an_escaped_name_is_found() -> None:
    content = samples.pdf(_set_root("/OpenAction", _script))
    hidden = content.replace(b"/JavaScript", b"/J#61vaScrip#74").replace(b"/JS", b"/#4aS")
    assert hidden != content
    with pytest.raises(FileRefused, match="自动运行"):
        judge(hidden, ALL)


def test_a_script_in_a_catalogue_that_lies_in_the_trailer_is_found() -> None:
    content = samples.pdf(_set_root("/OpenAction", _script), packed=False)
    catalogue = content[content.index(b"1 0 obj") + 8 : content.index(b"endobj")].strip()
    assert b"/JavaScript" in catalogue or b"OpenAction" in catalogue
    moved = content.replace(b"/Root 1 0 R", b"/Root " + catalogue)
    with pytest.raises(FileRefused, match="自动运行"):
        judge(moved.replace(catalogue, b"null", 1), ALL)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_pdf_that_only_turns_to_a_page_is_welcome(packed: bool) -> None:
    # LibreOffice and WPS write such an OpenAction into every file.
    plain = samples.pdf(_set_root("/OpenAction", _go_to_first_page), packed=packed)
    action = _set_root("/OpenAction", lambda d: _action(S=Name.GoTo, D=_go_to_first_page(d)))
    assert judge(plain, ALL) == judge(samples.pdf(action, packed=packed), ALL) == "pdf"


@pytest.mark.parametrize(
    ("user", "owner"), [("secret", "secret"), ("", "only-editing-is-locked")], ids=["password", "locked"]
)
def test_an_encrypted_pdf_is_refused(user: str, owner: str) -> None:
    content = samples.pdf(encryption=pikepdf.Encryption(user=user, owner=owner))
    with pytest.raises(FileRefused, match="加了密码或编辑限制"):
        judge(content, ALL)


def test_a_pdf_bomb_is_refused_without_unfolding_it() -> None:
    judge(samples.pdf_bomb(1), ALL)  # the same file, unfolding to little, is a sound one
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FileRefused):
        judge(samples.pdf_bomb(400), ALL)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 250, f"{grown} MB for a bomb of 400 MB"


@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_a_picture_is_accepted_whole_and_refused_cut_off(kind: str) -> None:
    whole = samples.picture(kind)
    assert judge(whole, ALL) == kind
    for part in (0.05, 0.5, 0.9):
        with pytest.raises(FileRefused, match="不完整或已损坏"):
            judge(whole[: int(len(whole) * part)], ALL)


@pytest.mark.parametrize("cut", [20, 200, -40])
def test_a_pdf_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(FileRefused, match="不完整或已损坏"):
        judge(samples.pdf()[:cut], ALL)


def test_a_pdf_without_pages_is_refused() -> None:
    with pytest.raises(FileRefused, match="打不开"):
        judge(samples.pdf(lambda document: document.pages.__delitem__(0)), ALL)


def test_a_picture_that_would_unfold_into_gigabytes_is_refused_by_its_size() -> None:
    with pytest.raises(FileRefused, match="12000×12000"):
        judge(samples.png_bomb(12_000), ALL)
    for side in (30_000, 2_000_000_000):
        with pytest.raises(FileRefused, match="太大"):
            judge(samples.png_bomb(side), ALL)


def test_an_ofd_is_told_from_a_zip() -> None:
    assert judge(samples.ofd(), ALL) == "ofd"
    with pytest.raises(FileRefused, match="ZIP") as refused:
        judge(samples.ofd().replace(b"OFD.xml", b"ABC.xml"), ALL)
    assert "解开" in refused.value.mend


_DOCTYPE = samples.OFD_XML.replace("?>", '?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', 1)
BAD_OFDS: dict[str, Callable[[], bytes]] = {
    "encrypted member": lambda: samples.locked_zip(samples.ofd()),
    "encrypted by the standard": lambda: samples.ofd({"Encryptions.xml": b"<a/>"}),
    "bomb": lambda: samples.ofd({"big": bytes(301 << 20)}),
    "too many members": lambda: samples.ofd({f"m{n}": b"" for n in range(5_001)}),
    "path upwards": lambda: samples.ofd({"../../etc/passwd": b"x"}),
    "doctype": lambda: samples.ofd(root=_DOCTYPE),
    "another root": lambda: samples.ofd(root=samples.OFD_XML.replace("2016", "1999")),
    "no document": lambda: samples.ofd(root=samples.OFD_XML.replace("Doc_0", "Doc_9")),
    "not xml": lambda: samples.ofd(root="<ofd"),
    "damaged list": lambda: samples.ofd().replace(b"PK\x01\x02", b"PK\x01\x09"),
    "damaged member": lambda: samples.ofd().replace(b"OFD.xml", b"OFD.xmX", 1),
}


@pytest.mark.parametrize("make", BAD_OFDS.values(), ids=BAD_OFDS.keys())
def test_a_bad_ofd_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(FileRefused) as refused:
        judge(make(), ALL)
    assert refused.value.mend


@pytest.mark.parametrize(
    ("content", "accepts", "says"),
    [
        (samples.picture("gif"), ALL, "这是 GIF 文件，这里只收 PDF、JPG、PNG、OFD"),
        (samples.pdf(), ("jpg", "png"), "这是 PDF 文件，这里只收 JPG、PNG"),
        (b"MZ" + bytes(500), ALL, "EXE"),
        (b"just some words", ALL, "认不出"),
        (b"<html><script>alert(1)</script></html>", ALL, "认不出"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ALL, "认不出"),
        (samples.picture("gif"), (*ALL, "gif"), "GIF"),
    ],
)
def test_another_kind_is_refused_by_its_own_name(content: bytes, accepts: tuple[str, ...], says: str) -> None:
    with pytest.raises(FileRefused, match=says) as refused:
        judge(content, accepts)
    assert refused.value.mend


def test_an_iphone_photo_gets_advice_for_an_iphone() -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(300)
    with pytest.raises(FileRefused, match="HEIC") as refused:
        judge(heic, ALL)
    assert "兼容性最佳" in refused.value.mend


def test_jpeg_is_jpg_in_a_list_of_kinds() -> None:
    assert judge(samples.picture("jpg"), ("JPEG",)) == "jpg"


@pytest.mark.parametrize("wrapped", [lambda b: b, io.BytesIO], ids=["bytes", "file"])
def test_empty_and_too_large_are_refused_and_the_limit_itself_is_not(wrapped: Callable[[bytes], Any]) -> None:
    with pytest.raises(FileRefused, match="空的"):
        read_all(wrapped(b""), max_megabytes=1)
    with pytest.raises(FileRefused, match="超过了 1 MB"):
        read_all(wrapped(bytes(1024 * 1024 + 1)), max_megabytes=1)
    assert len(read_all(wrapped(bytes(1024 * 1024)), max_megabytes=1)) == 1024 * 1024


def test_a_file_that_never_ends_is_read_only_up_to_the_limit() -> None:
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(FileRefused, match="超过了"):
        read_all(endless, max_megabytes=2)
    assert endless.given < 3 * 1024 * 1024
