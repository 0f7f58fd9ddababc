# SPDX-License-Identifier: Apache-2.0
"""Matching, letters of both kinds and payments on a data directory of its own, killed at one statement after
another.

`python -m support.killed_match` prints what is left as JSON. Each step runs in a child that sends itself
SIGKILL just before or just after a statement goes to the database, and is begun again by the next child,
which gets a little further. SQLite has nothing but its file then, as after a power cut of the process.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

FIRMS, AT_ONCE = 6, 2
_FURTHER = 2.2  # each child is killed so much later than the one before
_LATER = dt.timedelta(days=40)  # any publicity is over


def killed(step: Callable[[], object], statement: int, *, after: bool) -> bool:
    """Run a step in a child that is killed at a statement; whether it got that far."""
    from django.db import connection, connections

    connections.close_all()
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        assert status in (0, signal.SIGKILL), status
        return status != 0
    seen = 0

    def counting(execute: Callable[..., Any], *told: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == statement and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        found = execute(*told)
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    try:
        with connection.execute_wrapper(counting):
            step()
    except BaseException:
        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def until_done(step: Callable[[], object]) -> int:
    """Begin a step again and again until a child is not killed; how many were."""
    at, kills = 1.0, 0
    while killed(step, int(at), after=bool(kills % 2)):
        kills, at = kills + 1, max(at + 1, at * _FURTHER)
    return kills


def _town() -> Any:
    """The town of the room's own tests, with more firms and a list of all of them."""
    import time_machine

    from yiwang.apps.benefits.tests import conftest as room

    with time_machine.travel(room.TODAY, tick=False):
        town = room.build(Path(os.environ["YIWANG_DATA_DIR"]), firms=FIRMS)
        town.roster(*(town.line(one, "智能工厂", "没有") for one in range(FIRMS)))
        heading = "统一社会信用代码,名称,企业规模,是否上云企业"
        town.roster(*(town.line(one, "小型", "是") for one in range(FIRMS)), heading=heading)
    return town


def _pay(town: Any, day: dt.date) -> None:
    from django.utils import timezone

    from yiwang.apps.benefits import public as benefits
    from yiwang.apps.journal.models import OutboxMessage

    benefits.advance(day)
    benefits.advance(day + _LATER)
    OutboxMessage.objects.filter(state="waiting").update(due_at=timezone.now())  # what a child held is free
    town.deliver()


def main() -> None:
    """Set up, kill, tell what is left."""
    from yiwang.conf.cli_server import start_django

    start_django()
    from yiwang.apps.benefits import public as benefits
    from yiwang.apps.benefits.commands import matching, reminding
    from yiwang.apps.benefits.tests.conftest import TODAY

    matching.CHUNK = reminding.CHUNK = AT_ONCE
    town, day = _town(), TODAY.date()
    kills = {"match": until_done(lambda: benefits.match_if_changed(day))}
    kills["unclaimed"] = until_done(lambda: benefits.remind_unclaimed(day))
    for which in range(FIRMS):
        town.confirm(which)
    kills["pay"] = until_done(lambda: _pay(town, day))
    sys.stdout.write(json.dumps({"kills": kills, **_left(town)}, ensure_ascii=False) + "\n")


def _left(town: Any) -> dict[str, Any]:
    from yiwang.apps.benefits.models import Claim, Payment
    from yiwang.apps.journal.public import entries_of, verify
    from yiwang.apps.notices.public import box

    told = [entries_of(f"subject:{firm}") for firm in town.firms]
    letters = Counter(one.title[:4] for firm in town.firms for one in box([firm], limit=50))
    claims = list(Claim.objects.all())
    found = [one["action"] for each in claims for one in entries_of(f"claim:{each.public_id}")]
    return {
        "states": Counter(one.state for one in claims),
        "letters": letters,
        "journal": Counter(found),
        "told": sum(one["action"] == "benefit.unclaimed.told" for entries in told for one in entries),
        "ordered": Payment.objects.count(),
        "paid": Payment.objects.exclude(receipt="").count(),
        "at_treasury": len(list(town.treasury.folder.glob("*.json"))),
        "problems": len(list(verify())),
    }


if __name__ == "__main__":
    main()
