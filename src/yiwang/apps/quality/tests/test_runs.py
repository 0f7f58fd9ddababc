# SPDX-License-Identifier: Apache-2.0
"""Runs: read page by page, judged, kept; what is below its share is mended and confirmed by the next run."""

from __future__ import annotations

import datetime as dt
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.public import SourceChanged, SourceDown, SourceUnknown
from yiwang.apps.notices.public import box
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.commands import running
from yiwang.apps.quality.models import QualityRun
from yiwang.apps.quality.public import RunState, TaskState
from yiwang.engines.exchange.quality_kinds import Dimension
from yiwang.kernel.errors import NotAllowed, NotFound

from .conftest import NUMBERS, PROVIDER, City
from .rows import Source

PEOPLE: list[dict[str, Any]] = [
    {"id-number": NUMBERS[0], "name": "王甲", "born": "1985-03-04", "children": "1"},
    {"id-number": NUMBERS[1], "name": None, "born": "1985-03-04", "children": "2"},
    {"id-number": NUMBERS[2], "name": "王丙", "born": "1985-03-09", "children": None},
]
BIRTHS = [{"id-number": number, "born": "1985-03-04"} for number in NUMBERS]


@pytest.fixture
def sources(
    city: City, monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path
) -> dict[str, Source]:
    """The sources of both resources."""
    settings.DATA_DIR = tmp_path
    known = {"people": Source(PEOPLE), "births": Source(BIRTHS)}
    monkeypatch.setattr(running, "connector_of", known.__getitem__)
    return known


def ran(city: City) -> quality.ResourceQuality:
    """A run asked for by the provider, worked to its end."""
    quality.run(city.provider, "people")
    assert quality.work_on_runs() == 1
    return quality.resource_quality(city.provider, "people")


def test_a_run_is_read_judged_and_kept(city: City, sources: dict[str, Source], tmp_path: Path) -> None:
    seen = ran(city)
    latest = seen.standing.latest
    assert latest is not None
    assert (latest.state, latest.rows) == (RunState.DONE, 3)
    counts = {one.kind.value: (one.judged, one.failed, one.met) for one in seen.findings}
    assert counts == {"filled": (3, 1, False), "format": (3, 0, True), "agrees": (3, 1, False)}
    assert latest.dimensions == {Dimension.COMPLETE: Decimal("66.66"), Dimension.ACCURATE: Decimal("83.33")}
    assert latest.score == Decimal("75.00")  # both weigh 30
    assert not list((tmp_path / "quality").iterdir())


def test_a_failing_row_is_named_by_a_mask_and_a_blind_index_only(
    city: City, sources: dict[str, Source]
) -> None:
    seen = ran(city)
    (sample,) = next(one for one in seen.findings if one.kind.value == "filled").samples
    assert NUMBERS[1] not in sample
    assert sample.startswith("4117****")
    watched = quality.resource_quality(city.user, "people")
    assert [one.samples for one in watched.findings] == [()] * 3
    assert watched.tasks == ()


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(
    city: City, sources: dict[str, Source], tmp_path: Path
) -> None:
    sources["people"].breaks[2] = SourceDown("数据来源没有应答。", mend="请稍后再试。")
    made = quality.run(city.provider, "people")
    assert quality.work_on_runs() == 0
    kept = list((tmp_path / "quality" / made).iterdir())
    assert len(kept) == 1
    assert NUMBERS[0].encode() not in kept[0].read_bytes()
    assert quality.work_on_runs() == 0  # a minute has to pass first
    city.clock.shift(dt.timedelta(minutes=2))
    assert quality.work_on_runs() == 1
    assert sources["people"].asked == [0, 2]
    assert QualityRun.objects.get().rows == 3


def test_a_source_that_changed_meanwhile_is_read_anew(city: City, sources: dict[str, Source]) -> None:
    sources["people"].breaks[2] = SourceChanged("数据有变动。", mend="请从头读。")
    quality.run(city.provider, "people")
    assert quality.work_on_runs() == 0
    city.clock.shift(dt.timedelta(minutes=2))
    assert quality.work_on_runs() == 1
    assert sources["people"].asked == [0, 0, 2]


def test_a_run_that_cannot_read_says_so_and_is_no_score(city: City, sources: dict[str, Source]) -> None:
    made = quality.run(city.provider, "people")
    for _ in range(5):
        sources["people"].breaks[0] = SourceDown("数据来源没有应答。", mend="请稍后再试。")
        quality.work_on_runs()
        city.clock.shift(dt.timedelta(hours=1))
    row = QualityRun.objects.get(public_id=made)
    assert (row.state, row.score) == (RunState.FAILED.value, None)
    standing = quality.resource_quality(city.bureau, "people").standing
    assert standing.latest is None
    assert standing.trouble is not None
    assert "没有应答" in standing.trouble.why
    assert [one.title for one in box([city.provider.id])] == ["数据质量检查没有读到数据"]


def test_another_worker_takes_over_and_the_first_one_notices(city: City, sources: dict[str, Source]) -> None:
    made = quality.run(city.provider, "people")
    row = running._taken(QualityRun.objects.get().asked_at)
    assert row is not None
    assert quality.work_on_runs() == 0  # somebody works on it
    city.clock.shift(dt.timedelta(minutes=10))
    assert quality.work_on_runs() == 1  # who gave no sign for five minutes
    assert running._work(row, 0.0) == 0
    assert QualityRun.objects.get(public_id=made).state == RunState.DONE.value


def test_what_is_below_its_share_is_mended_and_confirmed_by_a_run(
    city: City, sources: dict[str, Source]
) -> None:
    ran(city)
    found = {one.advice: one for one in quality.tasks(city.provider)}
    assert len(quality.tasks(city.bureau)) == 2
    task = quality.tasks(city.provider)[0]
    assert (task.state, task.due_on, task.may_mend) == (TaskState.OPEN, dt.date(2026, 6, 1), True)
    assert found
    with pytest.raises(NotFound):
        quality.say_mended(city.stranger, task.public_id, "改好了")
    for one in quality.tasks(city.provider):
        quality.say_mended(city.provider, one.public_id, "已补录")
    ran(city)  # nothing was mended
    assert [(one.state, one.returned) for one in quality.tasks(city.provider)] == [(TaskState.OPEN, 1)] * 2
    for one in quality.tasks(city.provider):
        quality.say_mended(city.provider, one.public_id, "这次真的补录了")
    sources["people"].rows = [{**row, "name": "王某", "born": "1985-03-04"} for row in PEOPLE]
    seen = ran(city)
    assert {one.state for one in seen.tasks} == {TaskState.CONFIRMED}
    assert seen.standing.change == Decimal("25.00")
    assert [one.score for one in seen.trend] == [Decimal("75.00"), Decimal("75.00"), Decimal("100.00")]


def test_late_mendings_are_told_once(city: City, sources: dict[str, Source]) -> None:
    ran(city)
    city.clock.move_to(dt.datetime(2026, 6, 2, 2, tzinfo=dt.UTC))
    quality.look_after_quality()
    quality.look_after_quality()
    late = [one for one in box([city.bureau.id]) if one.title == "数据质量整改已超期"]
    assert len(late) == 2


def test_runs_begin_by_themselves_when_it_is_time(city: City, sources: dict[str, Source]) -> None:
    assert quality.look_after_quality() == 1
    assert quality.look_after_quality() == 0
    city.clock.shift(dt.timedelta(days=8))
    assert quality.look_after_quality() == 1
    assert QualityRun.objects.count() == 2


def test_a_correction_is_settled_when_a_run_reads_the_new_value(
    city: City, sources: dict[str, Source]
) -> None:
    new = quality.NewObjection("people", "born", should="1985-03-05", why="写错了", subject=city.person.id)
    made = quality.object_to(city.person, new)
    quality.answer_objection(city.provider, made, quality.Corrected("1985-03-04", "1985-03-05", "核对过"))
    ran(city)
    assert quality.open_objections("people", city.number)
    sources["people"].rows[0] = {**PEOPLE[0], "born": dt.date(1985, 3, 5).isoformat()}
    ran(city)
    assert not quality.open_objections("people", city.number)


def test_an_empty_source_is_judged_by_nothing(city: City, sources: dict[str, Source]) -> None:
    sources["people"].rows = []
    seen = ran(city)
    assert seen.standing.latest is not None
    assert seen.standing.latest.score is None
    assert not seen.tasks


def test_who_may_run(city: City, sources: dict[str, Source]) -> None:
    for actor in (city.user, city.stranger, city.person):
        with pytest.raises(NotAllowed):
            quality.run(actor, "people")
    with pytest.raises(NotFound, match="规则"):
        quality.run(city.provider, "births")
    assert quality.run(city.provider, "people") == quality.run(city.bureau, "people")
    assert [one.provider for one in quality.scores(provider=PROVIDER)] == [PROVIDER]
    assert quality.department_scores(quality.scores())[0].score is None


def test_what_is_not_connected_is_neither_run_over_nor_compared_with(
    city: City, sources: dict[str, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(resource: str) -> Source:
        if resource == "people":
            return sources["people"]
        raise SourceUnknown("没有登记来源。", mend="请登记。")

    monkeypatch.setattr(running, "connector_of", alone)
    alike = next(one for one in ran(city).findings if one.kind.value == "agrees")
    assert (alike.judged, alike.met) == (0, True)

    def nothing(_resource: str) -> Source:
        raise SourceUnknown("没有登记来源。", mend="请登记。")

    monkeypatch.setattr(running, "connector_of", nothing)
    city.clock.shift(dt.timedelta(days=8))
    assert running.begin_due() == 0
    with pytest.raises(SourceUnknown):
        quality.run(city.provider, "people")


def test_a_run_over_a_real_database_through_the_gateway(
    city: City, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    gateway.sources_folder().mkdir(parents=True)
    database = sqlite3.connect(gateway.sources_folder() / "register.sqlite")
    items = "id_number TEXT, name TEXT, born TEXT, children INT, n INTEGER PRIMARY KEY"
    database.execute(f"CREATE TABLE people ({items})")
    rows = [(one["id-number"], one["name"], one["born"], one["children"]) for one in PEOPLE]
    database.executemany("INSERT INTO people (id_number, name, born, children) VALUES (?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    columns = {"id-number": "id_number", "name": "name", "born": "born", "children": "children"}
    config = {"dialect": "sqlite", "path": "register.sqlite", "table": "people", "columns": columns}
    gateway.save_source(city.bureau, gateway.NewSource("people", "sql", {**config, "order_column": "n"}))
    gateway.forget_sources()
    counts = {one.kind.value: (one.judged, one.failed) for one in ran(city).findings}
    assert counts == {"filled": (3, 1), "format": (3, 0), "agrees": (0, 0)}
    gateway.forget_sources()
