# SPDX-License-Identifier: Apache-2.0
"""A picture is what its content says; what acts, reaches out or never ends is no seal."""

from __future__ import annotations

import pytest

from yiwang.engines.sealing import Picture, SealingError
from yiwang.engines.sealing.pictures import LARGEST, check
from yiwang.engines.sealing.tests.samples import png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9" fill="url(#a)"/></svg>'


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PNG", png()),
        ("png", png()),
        ("SVG", SVG),
        ("SVG", b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<!-- a --><!-- b -->' + SVG),
        ("OFD", b"PK\x03\x04rest"),
        ("GIF", b"GIF89a"),
        ("JPG", b"\xff\xd8\xff\xe0"),
        ("BMP", b"BM"),
    ],
)
def test_pictures_that_pass(kind: str, data: bytes) -> None:
    check(Picture(kind, data, 42, 42))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PNG", b""),
        ("PNG", SVG),
        ("SVG", png()),
        ("PNG", png()[:16] + b"\x00\x01\x00\x00" + png()[20:]),
        ("PNG", b"\x89PNG\r\n\x1a\n"),
        ("EXE", b"MZ"),
        ("", b"anything"),
        ("PNG", png() + bytes(LARGEST)),
        ("SVG", b"<!DOCTYPE svg>" + SVG),
        ("SVG", SVG.replace(b"<circle", b"<script>alert(1)</script><circle")),
        ("SVG", SVG.replace(b"<circle", b'<circle onload="x()"')),
        ("SVG", SVG.replace(b"<circle", b'<image href="https://example.org/a.png"/><circle')),
        ("SVG", SVG.replace(b"<circle", b"<style>@import 'x'</style><circle")),
        ("SVG", b'<?xml version="1.0" encoding="UTF-7"?>' + SVG),
    ],
)
def test_pictures_that_do_not(kind: str, data: bytes) -> None:
    with pytest.raises(SealingError):
        check(Picture(kind, data, 42, 42))


@pytest.mark.parametrize(("width", "height"), [(0, 42), (42, 0), (-1, 42), (201, 42), (42, 10**30)])
def test_sides_that_do_not(width: int, height: int) -> None:
    with pytest.raises(SealingError):
        check(Picture("PNG", png(), width, height))


@pytest.mark.parametrize("piece", [b"<!---->", b"<!-- ", b" ", b"<?xml ", b"url("])
def test_a_long_text_is_judged_in_one_go(piece: bytes) -> None:
    # A pattern that tries again for every comment would not come back from this one.
    with pytest.raises(SealingError):
        check(Picture("SVG", b"<!---->" + piece * (1_000_000 // len(piece)), 42, 42))
