# SPDX-License-Identifier: Apache-2.0
"""A sheet that is being taken over when the process is killed is taken over whole by the next one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from support.filled import PREPARE, Filled
from support.served import Served
from yiwang.apps.licences.tests.stock_support import ORG, as_csv, row

ROWS = 1_200


def taking(server: Served, sheet: Path) -> subprocess.Popen[str]:
    """`yiwang licence stock`, started."""
    return subprocess.Popen(
        [sys.executable, "-m", "yiwang", "licence", "stock", str(sheet), "--org", ORG],
        env=server.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_killed_in_the_middle_and_run_again_nothing_is_lost_or_doubled(
    tmp_path: Path, filled: Filled
) -> None:
    server = Served(tmp_path)
    filled.copy_to(server, what=PREPARE)
    sheet = tmp_path / "退休证.csv"
    rows = [row(n % 900 + 28 * n, 证照编号=f"豫{n:05d}") for n in range(ROWS)]
    for cells in rows:
        cells["持证主体"] = f"退休{cells['持证主体代码']}"
    rows[-1]["退休时间"] = "昨天"
    sheet.write_bytes(as_csv(rows))
    first = taking(server, sheet)
    assert first.stderr is not None
    seen = first.stderr.readline()
    first.kill()
    first.wait()
    assert re.match(r"500 / 1200 行", seen), seen
    again = taking(server, sheet)
    said, progress = again.communicate()
    assert again.returncode == 1, progress
    assert f"新入库 {ROWS - 1}，原已在库 0" in said
    assert "第1201行 退休时间" in said
    steps = [int(one) for one in re.findall(r"(\d+) / 1200 行", progress)]
    assert steps[0] > 500
    assert steps[-1] == ROWS
