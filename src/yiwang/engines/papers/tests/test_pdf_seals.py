# SPDX-License-Identifier: Apache-2.0
"""A seal in a PDF: what it looks like, and what is refused at which step."""

from __future__ import annotations

import io

import pikepdf
import pytest

from yiwang.engines.papers import render_pdf, seal_pdf
from yiwang.engines.sealing import (
    SealingError,
    parse_signature,
)

from .support import VALUES, checked, fonts, office, refused, sealed, template


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
