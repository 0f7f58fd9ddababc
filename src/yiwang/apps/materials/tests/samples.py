# SPDX-License-Identifier: Apache-2.0
"""Files for tests, made here byte by byte: good ones, and one of each bad sort."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image

OFD_XML = """<?xml version="1.0" encoding="UTF-8"?>
<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD">
<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"""


def pdf(
    change: Callable[[pikepdf.Pdf], object] | None = None,
    *,
    encryption: pikepdf.Encryption | None = None,
    packed: bool = False,
) -> bytes:
    """A PDF of one page, changed by `change`; `packed` puts its objects into compressed streams."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    document.save(out, encryption=encryption or False, object_stream_mode=mode)
    return out.getvalue()


def pdf_bomb(megabytes: int) -> bytes:
    """A small PDF whose catalogue lies in an object stream that unfolds to `megabytes`."""
    press = zlib.compressobj(9)
    packed = press.compress(b"10 0 <</Type/Catalog/Pages 3 0 R>>")
    packed += b"".join(press.compress(b" " * (1 << 20)) for _ in range(megabytes)) + press.flush()
    out, places = bytearray(b"%PDF-1.5\n"), {}
    places[1] = len(out)
    out += b"1 0 obj<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    out += packed + b"\nendstream endobj\n"
    places[3] = len(out)
    out += b"3 0 obj<</Type/Pages/Kids[4 0 R]/Count 1>>endobj\n"
    places[4] = len(out)
    out += b"4 0 obj<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>endobj\n"
    end = len(out)
    rows = {1: (1, places[1], 0), 3: (1, places[3], 0), 4: (1, places[4], 0), 10: (2, 1, 0), 11: (1, end, 0)}
    table = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + bytes([last])
        for kind, place, last in (rows.get(number, (0, 0, 0)) for number in range(12))
    )
    out += b"11 0 obj<</Type/XRef/W[1 4 1]/Size 12/Root 10 0 R/Length %d>>stream\n" % len(table)
    out += table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % end
    return bytes(out)


def picture(kind: str, size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture with some content."""
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, {"jpg": "JPEG", "png": "PNG", "gif": "GIF"}[kind])
    return out.getvalue()


def png_bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it is `side` × `side` pixels."""
    small = picture("png", (8, 8))
    header = b"IHDR" + side.to_bytes(4, "big") * 2 + small[24:29]
    return small[:12] + header + zlib.crc32(header).to_bytes(4, "big") + small[33:]


def ofd(members: dict[str, bytes] | None = None, *, root: str = OFD_XML) -> bytes:
    """An OFD document of one empty page, with more members if given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", root)
        archive.writestr("Doc_0/Document.xml", '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"/>')
        for name, content in (members or {}).items():
            with archive.open(name, "w") as member:
                member.write(content)
    return out.getvalue()


def locked_zip(content: bytes) -> bytes:
    """The same zip with every member marked as encrypted, in both places where it is written."""
    marked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = marked.find(signature)
        while place >= 0:
            marked[place + offset] |= 1
            place = marked.find(signature, place + 4)
    return bytes(marked)
