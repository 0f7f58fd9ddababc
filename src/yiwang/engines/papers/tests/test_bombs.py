# SPDX-License-Identifier: Apache-2.0
"""Bombs end quickly with a named step; JSON that is written otherwise is refused."""

from __future__ import annotations

import json
import time

import pytest

from yiwang.engines.papers.zips import Entry, write
from yiwang.kernel.canonical import canonical_json

from .support import SIGN, checked, package, packed, refused, sealed


def quick(data: bytes, step: str) -> None:
    start = time.process_time()
    refused(data, step)
    assert time.process_time() - start < 2


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
