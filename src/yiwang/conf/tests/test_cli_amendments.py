# SPDX-License-Identifier: Apache-2.0
"""`yiwang release` tells of policies that were published in the console, and writes them as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yiwang.apps.catalogue import public as room
from yiwang.apps.catalogue.tests import policy_city as town
from yiwang.conf.cli_release import group
from yiwang.engines import house
from yiwang.engines.definitions import Catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Catalogue]:
    """What the definition files say: at first what is published; then a draft that needs no test (a guide)
    is published in the console."""
    found = {"now": town.catalogue()}
    monkeypatch.setattr(house, "load", lambda directory=None: found["now"])
    digest = room.draft_release(town.REVIEWER, found["now"], summary="首版")
    room.review_release(town.ANOTHER, digest, approve=True)
    room.publish_release(town.REVIEWER, digest)
    draft = room.begin_policy(town.OWNER, town.POLICY)
    guide: dict[str, Any] = {"conditions": [], "kind": "none", "examples": [], "rest": ""}
    room.save_policy(town.OWNER, draft, town.retyped(**guide), version=1, summary="改作指引")
    room.hand_in_policy(town.OWNER, draft, version=2)
    room.review_policy(town.REVIEWER, draft, version=3, approve=True)
    room.publish_policy(town.REVIEWER, draft, version=4)
    return found


def run(*arguments: str) -> str:
    done = CliRunner().invoke(group, arguments)
    return done.output + str(done.exception or "")


def test_what_the_files_do_not_have_yet_is_told_and_written(
    files: dict[str, Catalogue], tmp_path: Path
) -> None:
    said = run("amendments", "--to", str(tmp_path))
    assert f"{town.POLICY}\t文件还没有跟上" in said
    assert (tmp_path / "policies" / f"{town.POLICY}.yaml").read_text().startswith(f"id: {town.POLICY}\n")
    said = run("draft", "--as", "甲")
    assert "与现行版本相同" in said
    assert "文件还没有跟上" in said


def test_a_policy_changed_in_both_places_is_refused_unless_the_files_win(files: dict[str, Catalogue]) -> None:
    files["now"] = town.catalogue(town.policy(brings="文件里另外改的"))
    assert "文件另外改过" in run("amendments")
    assert "研发中心奖励" in run("draft", "--as", "甲")
    assert "修改 1" in run("draft", "--as", "甲", "--files-win", town.POLICY)
