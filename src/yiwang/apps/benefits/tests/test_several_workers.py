# SPDX-License-Identifier: Apache-2.0
"""Several workers match and write at the same moment: nobody has two claims or two letters."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from support.processes import begin, end_of
from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.commands import matching, reminding
from yiwang.apps.benefits.models import Claim, Run, Unclaimed
from yiwang.apps.journal.public import entries_of, verify
from yiwang.apps.notices.public import box

from .conftest import TODAY, build

FIRMS, WORKERS = 4, 2
_DAY = TODAY.date()


@pytest.mark.storage
@pytest.mark.django_db(transaction=True)
def test_what_several_workers_find_at_once_is_told_once(
    clock: time_machine.Traveller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build(tmp_path, firms=FIRMS)
    town.roster(*(town.line(one, "智能工厂", "没有") for one in range(FIRMS)))
    heading = "统一社会信用代码,名称,企业规模,是否上云企业"
    town.roster(*(town.line(one, "小型", "是") for one in range(FIRMS)), heading=heading)
    together = multiprocessing.get_context("fork").Barrier(WORKERS)

    def met(find: Callable[..., Any]) -> Callable[..., Any]:
        def found(*given: Any) -> Any:
            owed = find(*given)
            together.wait(30)  # each has found that everybody is owed something, nobody has written yet
            return owed

        return found

    def work() -> None:
        benefits.match_if_changed(_DAY)
        benefits.remind_unclaimed(_DAY)

    for module in (matching, reminding):
        monkeypatch.setattr(module, "owed_by", met(module.owed_by))
        monkeypatch.setattr(module, "CHUNK", 1)  # they come between each other as often as they can
    assert [end_of(one) for one in [begin(work) for _ in range(WORKERS)]] == [0] * WORKERS

    for firm in town.firms:
        assert Counter(one.title[:4] for one in box([firm])) == {"您符合“": 1, "有一项政": 1}
        told = [one["action"] for one in entries_of(f"subject:{firm}")]
        assert told.count("benefit.unclaimed.told") == 1
    claims = Claim.objects.all()
    found = [one["action"] for each in claims for one in entries_of(f"claim:{each.public_id}")]
    assert (len(claims), found.count("benefit.found")) == (FIRMS, FIRMS)
    assert Unclaimed.objects.count() == FIRMS
    assert [run.finished_at is not None for run in Run.objects.all()] == [True, True]
    assert list(verify()) == []
