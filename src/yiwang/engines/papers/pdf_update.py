# SPDX-License-Identifier: Apache-2.0
"""Add objects to a PDF without touching a byte of it: an incremental update (ISO 32000-1, 7.5.6).

What typst writes (one plain cross-reference table) is read directly, in microseconds. Any other PDF is
first written anew by pikepdf in that plain form; this is for our own files, before they are sealed.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import pikepdf

from yiwang.engines.sealing import SealingError

_TRAILER = re.compile(rb"\btrailer\s*<<(.{1,2000})>>\s*startxref\s+(\d{1,10})\s+%%EOF\s*\Z", re.DOTALL)
_MOST_OBJECTS = 100_000
_MEND = "请用平台生成的 PDF 盖章。"


class _NotPlain(Exception):
    """Not in the form that is read directly."""


@dataclass(frozen=True)
class Base:
    """A PDF to be added to: where its catalogue and its first page are, how high the page is (points)."""

    data: bytes
    trailer: bytes
    start: int
    size: int
    root: int
    page: int
    height: float
    root_body: bytes
    page_body: bytes

    def with_form(self, field: int) -> bytes:
        """The catalogue with a form of one signature field."""
        return self.root_body[:-2] + b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>>>" % field

    def with_annotation(self, annotation: int) -> bytes:
        """The page with one annotation more."""
        known = re.search(rb"/Annots\s*\[", self.page_body)
        if known is None:
            return self.page_body[:-2] + b"/Annots[%d 0 R]>>" % annotation
        return self.page_body[: known.end()] + b"%d 0 R " % annotation + self.page_body[known.end() :]


def base_of(data: bytes) -> Base:
    """The PDF as something to add to. Raises SealingError: no PDF, or one with a form already."""
    try:
        base = _read(data)
    except _NotPlain:
        base = _read_again(data)
    if b"/AcroForm" in base.root_body:
        raise SealingError("这份 PDF 已经有签名或表单，不能再盖章。", mend=_MEND)
    if re.search(rb"/Annots(?!\s*\[)", base.page_body):
        raise SealingError("这份 PDF 的批注写法不支持盖章。", mend=_MEND)
    return base


def written(base: Base, objects: dict[int, bytes]) -> bytes:
    """The bytes to put after `base.data`: these objects (new or changed) and their cross-references."""
    lead = b"" if base.data.endswith(b"\n") else b"\n"
    body, places = bytearray(lead), {}
    for identity in sorted(objects):
        places[identity] = len(base.data) + len(body)
        body += b"%d 0 obj\n" % identity + objects[identity] + b"\nendobj\n"
    xref = len(base.data) + len(body)
    body += b"xref\n"
    for first, run in _stretches(sorted(places)):
        body += b"%d %d\n" % (first, len(run))
        body += b"".join(b"%010d 00000 n \n" % places[identity] for identity in run)
    size = max(base.size, max(objects) + 1)
    kept = re.sub(rb"/Size\s+\d+", b"", base.trailer).strip()
    body += b"trailer\n<</Size %d/Prev %d" % (size, base.start) + kept + b">>\n"
    body += b"startxref\n%d\n%%%%EOF\n" % xref
    return bytes(body)


def _stretches(numbers: list[int]) -> list[tuple[int, list[int]]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [(run[0], run) for run in runs]


def _read_again(data: bytes) -> Base:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            plain = io.BytesIO()
            pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return _read(plain.getvalue())
    except (pikepdf.PdfError, _NotPlain) as error:
        raise SealingError("这不是可以盖章的 PDF。", mend=_MEND) from error


def _read(data: bytes) -> Base:
    found = _TRAILER.search(data, max(0, len(data) - 4096))
    if not data.startswith(b"%PDF-") or found is None or b"/Prev" in found.group(1):
        raise _NotPlain
    trailer, start = found.group(1), int(found.group(2))
    places = _places(data, start)
    size, root = _whole(rb"/Size\s+(\d+)", trailer), _whole(rb"/Root\s+(\d+)\s+0\s+R", trailer)
    root_body = _object(data, places, root)
    page = _whole(rb"/Pages\s+(\d+)\s+0\s+R", root_body)
    for _ in range(20):
        page_body = _object(data, places, page)
        if not re.search(rb"/Type\s*/Pages\b", page_body):
            break
        page = _whole(rb"/Kids\s*\[\s*(\d+)\s+0\s+R", page_body)
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+[\d.]+\s+([\d.]+)\s*\]", page_body)
    if box is None:
        raise _NotPlain
    return Base(data, trailer, start, size, root, page, float(box.group(1)), root_body, page_body)


def _places(data: bytes, start: int) -> dict[int, int]:
    head = re.compile(rb"xref\s+0\s+(\d{1,7})\s*?\r?\n").match(data, start)
    if head is None or int(head.group(1)) > _MOST_OBJECTS:
        raise _NotPlain
    count, at = int(head.group(1)), head.end()
    rows = [data[at + 20 * row : at + 20 * row + 18] for row in range(count)]
    if any(not re.fullmatch(rb"\d{10} \d{5} [nf]", row) for row in rows):
        raise _NotPlain
    return {number: int(row[:10]) for number, row in enumerate(rows) if row.endswith(b"n")}


def _object(data: bytes, places: dict[int, int], identity: int) -> bytes:
    """The dictionary of an object that has no stream."""
    start = places.get(identity, -1)
    head = re.compile(rb"%d\s+0\s+obj\s*" % identity).match(data, max(0, start))
    end = data.find(b"endobj", start)
    if start < 0 or head is None or end < 0:
        raise _NotPlain
    body = data[head.end() : end].strip()
    if not (body.startswith(b"<<") and body.endswith(b">>")):
        raise _NotPlain
    return body


def _whole(pattern: bytes, text: bytes) -> int:
    found = re.search(pattern, text)
    if found is None:
        raise _NotPlain
    return int(found.group(1))
