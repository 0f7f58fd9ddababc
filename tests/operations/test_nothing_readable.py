# SPDX-License-Identifier: Apache-2.0
"""After a small run nobody who copies the disk finds a number, a telephone or an address on it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.deployed import Deployed
from support.filled import Filled

PUBLIC = re.compile(r"9[1-3]\d{6}[0-9A-HJ-NPQRTUWXY]{10}|\d{4}-\d\d-\d\d")
"""Unified social credit codes and dates: public."""


def written(text: str) -> Iterator[bytes]:
    """The ways in which a text might lie on a disk."""
    yield text.encode()
    yield text.encode("gb18030")
    yield text.encode("utf-16-le")
    yield json.dumps(text)[1:-1].encode()
    for start in range(3):  # inside base64, wherever the text begins
        inner = base64.b64encode(b"x" * start + text.encode())[4 if start else 0 :]
        yield inner.rstrip(b"=")[: len(inner) // 4 * 4 - 4]


def readable(path: Path) -> bytes:
    """A file, and behind it whatever in it is compressed by zlib."""
    content = path.read_bytes()
    inflated = [content]
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content):
        try:
            inflated.append(zlib.decompressobj().decompress(content[match.start() :], 1 << 20))
        except zlib.error:
            continue
    return b"\n".join(inflated)


@pytest.fixture(scope="module")
def city(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The data directory of a small city, and what must not be found in it."""
    made = Deployed(tmp_path_factory.mktemp("city"), "")
    told = filled.copy_to(made)
    return made.data, [one for one in told["personal"] if not PUBLIC.fullmatch(one)]


def test_no_number_telephone_or_address_can_be_read_on_the_disk(city: tuple[Path, list[str]]) -> None:
    data, personal = city
    assert len(personal) > 5
    assert any(re.fullmatch(r"\d{17}[\dX]", one) for one in personal)
    assert any(re.fullmatch(r"1\d{10}", one) for one in personal)
    files = [one for one in data.rglob("*") if one.is_file()]
    assert {"yiwang.sqlite3"} <= {one.name for one in files}
    assert any("files" in one.parts for one in files)
    assert any("archive" in one.parts for one in files)
    found = {
        (path.relative_to(data).as_posix(), text)
        for path in files
        for content in [readable(path)]
        for text in personal
        if any(form in content for form in written(text))
    }
    assert found == set()


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    number = "412801199001011234"
    for content in (
        number.encode(),
        json.dumps({"n": "驿城区" + number}).encode(),
        base64.b64encode(b"ab" + number.encode() + b"z"),
        base64.b64encode(b"abc" + number.encode()),
        b"%PDF" + zlib.compress(b"Tj (" + number.encode() + b")"),
        "驿城区解放路".encode("gb18030") + number.encode(),
    ):
        (tmp_path / "one").write_bytes(content)
        assert any(form in readable(tmp_path / "one") for form in written(number)), content
