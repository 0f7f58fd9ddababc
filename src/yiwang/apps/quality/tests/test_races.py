# SPDX-License-Identifier: Apache-2.0
"""Two at once: of two objections to one thing one is raised, of two answers one is given, of two workers
one does a run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connections

from yiwang.apps.quality import public as quality
from yiwang.apps.quality.commands import running
from yiwang.apps.quality.models import Objection, QualityRun, Round
from yiwang.kernel.errors import Conflict

from .conftest import City, furnished
from .rows import Source

pytestmark = [pytest.mark.storage, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def standing(transactional_db: None) -> Iterator[City]:
    """The city, committed."""
    with furnished() as city:
        yield city


def at_once(act: Callable[[], object], count: int = 2) -> list[object]:
    """What came of doing it at the same moment: what it returned, or the Conflict it raised."""
    start, came = threading.Barrier(count), list[object]()

    def work() -> None:
        start.wait(20)
        try:
            came.append(act())
        except Conflict as error:
            came.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return came


def test_two_at_once(
    standing: City, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> None:
    new = quality.NewObjection(
        "people", "born", should="1985-03-05", why="写错了", subject=standing.person.id
    )
    raised = at_once(lambda: quality.object_to(standing.person, new))
    assert sorted(isinstance(one, Conflict) for one in raised) == [False, True]
    made = Objection.objects.get().public_id

    answer = quality.Answered("没有错", "可以到窗口复核")
    answered = at_once(lambda: quality.answer_objection(standing.provider, made, answer))
    assert sorted(isinstance(one, Conflict) for one in answered) == [False, True]
    assert Round.objects.get().outcome == "answered"

    settings.DATA_DIR = tmp_path
    sources = {"people": Source([]), "births": Source([])}
    monkeypatch.setattr(running, "connector_of", sources.__getitem__)
    asked = at_once(lambda: quality.run(standing.provider, "people"))
    assert len(set(map(str, asked))) == 1
    assert sum(int(str(one)) for one in at_once(quality.work_on_runs)) == 1
    assert QualityRun.objects.get().state == "done"
