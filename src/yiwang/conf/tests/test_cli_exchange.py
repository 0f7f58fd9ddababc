# SPDX-License-Identifier: Apache-2.0
"""`yiwang exchange`: the gateway's key shown, changed, and an earlier one found again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from support.city import definitions
from yiwang.conf.cli_exchange import group
from yiwang.engines import house

pytestmark = pytest.mark.django_db


def test_the_key_is_shown_changed_and_found_again(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    run = CliRunner()

    def told(*words: str) -> Any:
        return run.invoke(group, words)

    first = told("key")
    old = first.stderr.split()[1]
    assert first.stdout.startswith("-----BEGIN PUBLIC KEY-----")
    changed = told("rotate-key", "--as", "运维甲")
    assert changed.exit_code == 0
    assert old in changed.stdout
    now = told("key")
    assert (old in now.stderr, now.stdout != first.stdout) == (True, True)
    assert told("key", "--id", old).stdout == first.stdout
    assert told("key", "--id", "0" * 64).exit_code == 1


def test_an_it_project_is_judged_by_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    known = definitions()
    monkeypatch.setattr(house, "load", lambda: known)
    run = CliRunner()
    asked = run.invoke(group, ["gate"])
    names = [line[2:].partition("：")[0] for line in asked.output.splitlines() if line.startswith("? ")]
    assert (asked.exit_code, "it-project-catalogued" in names) == (1, True)
    good = dict.fromkeys(names, "否") | {"it-project-catalogued": "是", "it-project-connected": "是"}

    def told(**changed: str) -> Any:
        answers = good | {f"it-project-{name}": word for name, word in changed.items()}
        return run.invoke(group, ["gate", *(f"--answer={one}={word}" for one, word in answers.items())])

    assert told().exit_code == 0
    bare = told(catalogued="否")
    assert (bare.exit_code, "不予审批建设项目" in bare.output) == (1, True)
    assert told(secret="是").exit_code == 1
    assert "读不懂" in told(catalogued="也许").output
