# SPDX-License-Identifier: Apache-2.0
"""Seals that other programs made: each verifies, or is refused where its README says."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from yiwang.engines.sealing import (
    Report,
    TrustStore,
    parse_certificate,
    parse_crl,
    sm3,
    verify_seal,
    verify_signature,
)

FOLDER = (
    next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").exists())
    / "tests/vectors/seals"
)
EXPECTED: dict[str, str | None] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
AT = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
TRUST = TrustStore(
    (parse_certificate((FOLDER / "root.pem").read_bytes()),), (parse_crl((FOLDER / "list.pem").read_bytes()),)
)


def verified(name: str, document: bytes, at: dt.datetime = AT) -> Report:
    """The file verified, as a seal or a seal signature by its name."""
    data = (FOLDER / name).read_bytes()
    if name.endswith(".esl"):
        return verify_seal(data, TRUST, at=at)
    return verify_signature(data, digest=sm3(document), trust=TRUST, at=at)


DOCUMENT = (FOLDER / "document.xml").read_bytes()


def test_every_file_is_expected_to_do_something() -> None:
    assert set(EXPECTED) == {path.name for path in FOLDER.iterdir() if path.suffix in {".esl", ".dat"}}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_seal_of_another_maker(name: str) -> None:
    failed = verified(name, DOCUMENT).failed
    assert (failed and failed.name) == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name, step in EXPECTED.items() if step is None])
def test_it_is_refused_before_its_time_and_with_another_document(name: str) -> None:
    assert not verified(name, DOCUMENT, AT - dt.timedelta(days=60)).ok
    assert name.endswith(".esl") or not verified(name, DOCUMENT + b" ").ok
