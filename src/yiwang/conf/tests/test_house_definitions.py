# SPDX-License-Identifier: Apache-2.0
"""The repository's own definitions are sound, quick to load, and survive as a release."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from yiwang.engines import house
from yiwang.engines.definitions import Report, default_directory
from yiwang.engines.definitions.reading import plain, read
from yiwang.engines.definitions.release import dump_release, load_release
from yiwang.engines.definitions.schema import schemas, stale_schemas


@pytest.fixture(scope="module")
def report() -> Report:
    """The house's definitions, read once."""
    return house.inspect()


def test_the_house_has_no_problems(report: Report) -> None:
    assert [str(problem) for problem in report.problems] == []
    assert report.counts["items"] > 0


def test_the_schemas_in_the_repository_are_fresh() -> None:
    assert [str(problem) for problem in stale_schemas(house.HOUSE_KINDS, default_directory())] == []


def test_every_file_fits_its_schema() -> None:
    root: Path = default_directory()
    validators = {
        folder: Draft202012Validator(schema) for folder, schema in schemas(house.HOUSE_KINDS).items()
    }
    for path in sorted(root.glob("*/*/**/*.yaml")):
        node, _ = read(path.read_bytes(), path.name)
        assert node is not None
        content = json.loads(json.dumps(plain(node), default=_as_editor))
        errors = list(validators[path.relative_to(root).parts[1]].iter_errors(content))
        assert not errors, f"{path}: {errors[0].message}"


def _as_editor(value: object) -> object:
    """Dates as text, decimals as numbers."""
    return value.isoformat() if isinstance(value, dt.date) else float(str(value))


def test_the_house_survives_as_a_release(report: Report) -> None:
    stored = json.loads(json.dumps(dump_release(report.catalogue)))
    back = load_release(stored, kinds=house.HOUSE_KINDS)
    assert back == report.catalogue
    assert dump_release(back) == stored
