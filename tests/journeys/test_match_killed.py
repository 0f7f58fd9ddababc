# SPDX-License-Identifier: Apache-2.0
"""Matching and paying are killed (SIGKILL) at one statement after another: nobody is written to twice, nobody
is paid twice, nobody is forgotten."""

from __future__ import annotations

from pathlib import Path

from support.filled import SETUP, Filled
from support.killed_match import FIRMS
from support.served import Served


def test_killed_anywhere_everybody_gets_one_letter_and_one_payment(tmp_path: Path, filled: Filled) -> None:
    server = Served(tmp_path)
    filled.copy_to(server, what=SETUP)
    found = server.aside("", "support.killed_match")
    assert min(found["kills"].values()) >= 4, "it was really killed"
    assert found["states"] == {"paid": FIRMS}
    assert found["letters"] == {"您符合“": FIRMS, "一笔补贴": FIRMS, "有一项政": FIRMS}
    assert found["told"] == FIRMS
    assert (found["ordered"], found["paid"], found["at_treasury"]) == (FIRMS, FIRMS, FIRMS)
    assert found["journal"]["benefit.found"] == found["journal"]["benefit.paid"] == FIRMS
    assert found["problems"] == 0
