# SPDX-License-Identifier: Apache-2.0
"""The commands in the READMEs run and say what they promise."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from support.sources import ROOT

READMES = ("README.md", "README.zh.md")


def commands(page: str) -> list[str]:
    """The `yiwang` commands of a page's console blocks."""
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, flags=re.DOTALL)
    return re.findall(r"^\$ \.venv/bin/yiwang (.+)$", "\n".join(blocks), flags=re.MULTILINE)


def test_both_languages_show_the_same_commands() -> None:
    first, second = (commands(page) for page in READMES)
    assert first == second
    assert first


@pytest.mark.parametrize("command", commands(READMES[0]))
def test_the_command_runs(command: str, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "YIWANG_DATA_DIR": str(tmp_path), "LANG": "C.UTF-8"}
    if command.startswith("journal"):
        setup = [sys.executable, "-m", "yiwang", "setup"]
        subprocess.run(setup, cwd=ROOT, env=environment, check=True, timeout=120, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-m", "yiwang", *shlex.split(command)],
        cwd=ROOT,
        env=environment,
        check=False,
        timeout=120,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("page", [*READMES, "MAP.md", "CONTRIBUTING.md", "docs/guides/first-hour.md"])
def test_the_links_of_the_page_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    missing = [link for link in links if not ((ROOT / page).parent / link).exists()]
    assert not missing
