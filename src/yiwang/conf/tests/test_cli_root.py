# SPDX-License-Identifier: Apache-2.0
"""The root command: quick, lazy, and kind to who mistypes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from yiwang.conf.cli import GROUPS

_LOADED = """
import sys
from yiwang.conf.cli import main
try:
    main(sys.argv[1:])
finally:
    print("django" in sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["definitions", "list"], ["clock", "--help"], ["plan", "--help"], ["settings"]]
)
def test_what_needs_no_database_does_not_load_django(arguments: list[str], tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "YIWANG_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "False"), done.stderr
    assert not (tmp_path / "data").exists()


def test_every_group_says_in_a_line_what_it_is_for() -> None:
    assert all(len(line) <= 30 and line for _, _, line in GROUPS.values())
