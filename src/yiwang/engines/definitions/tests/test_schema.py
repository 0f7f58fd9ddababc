# SPDX-License-Identifier: Apache-2.0
"""The schemas editors use accept what the loader accepts, and are told when they are stale."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from yiwang.engines.definitions import KINDS
from yiwang.engines.definitions.reading import plain, read
from yiwang.engines.definitions.schema import schemas, stale_schemas, write_schemas

from .support import SOUND


def as_json(value: Any) -> Any:
    """The value as an editor sees it."""
    if isinstance(value, dict):
        return {key: as_json(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_json(child) for child in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def validator(folder: str) -> Draft202012Validator:
    schema = schemas(KINDS)[folder]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("file", [file for file in SOUND if "/" in file])
def test_the_sound_city_fits_the_schemas(file: str) -> None:
    node, _ = read(SOUND[file].encode(), file)
    assert node is not None
    validator(file.split("/")[1]).validate(as_json(plain(node)))


@pytest.mark.parametrize(
    ("folder", "text"),
    [
        ("items", "{id: food, refines: true, promised_limit: {hours: 5}}"),
        ("items", "{id: food, refines: true, steps: [{}]}"),
        ("items", "{refines: true, promised_limit: {days: 5}}"),
        ("items", "{id: food, promised_limit: {days: 5}}"),
        ("sources", "{id: a, name: 甲, kind: lawn, publisher: 甲}"),
        ("sources", "[{id: a, name: 甲, kind: law, publisher: 甲, sumary: 乙}]"),
        ("sources", "{id: A B, name: 甲, kind: law, publisher: 甲}"),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(folder: str, text: str) -> None:
    assert not validator(folder).is_valid(yaml.safe_load(text))


def test_written_schemas_are_fresh(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "gone.schema.json").write_text("{}")
    written = write_schemas(KINDS, tmp_path)
    assert sorted(path.name for path in (tmp_path / "schema").iterdir()) == sorted(
        f"{folder}.schema.json" for folder in KINDS
    )
    assert all(json.loads(path.read_text())["title"] in KINDS for path in written)
    assert list(stale_schemas(KINDS, tmp_path)) == []


def test_stale_missing_and_forgotten_schemas_are_told(tmp_path: Path) -> None:
    write_schemas(KINDS, tmp_path)
    (tmp_path / "schema" / "items.schema.json").write_text("{}")
    (tmp_path / "schema" / "orgs.schema.json").unlink()
    (tmp_path / "schema" / "gone.schema.json").write_text("{}")
    problems = list(stale_schemas(KINDS, tmp_path))
    assert [problem.file.rsplit("/", 1)[1] for problem in problems] == [
        "gone.schema.json",
        "items.schema.json",
        "orgs.schema.json",
    ]
    assert all("yiwang definitions schema" in problem.mend for problem in problems)


def test_a_city_without_schemas_has_none_that_are_stale(tmp_path: Path) -> None:
    assert list(stale_schemas(KINDS, tmp_path)) == []
