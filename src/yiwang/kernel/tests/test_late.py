# SPDX-License-Identifier: Apache-2.0
"""Large libraries stay out of processes that do not use them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from yiwang.kernel.late import Late

LARGE = ("ibis", "sqlglot", "pyarrow", "numpy", "openpyxl", "pandas", "duckdb")


def test_what_is_used_is_there() -> None:
    assert Late("math").floor(2.5) == 2
    with pytest.raises(ModuleNotFoundError):
        _ = Late("no_such_module").anything


def test_a_start_does_not_import_what_only_tables_need(tmp_path: Path) -> None:
    program = (
        "import sys; from yiwang.conf.starting import start_django; start_django();"
        f"print([name for name in {LARGE!r} if name in sys.modules])"
    )
    env = {"PATH": os.environ["PATH"], "YIWANG_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"
