# SPDX-License-Identifier: Apache-2.0
"""End a run: keep its findings and score, ask the provider to mend what is below its share, confirm what is
mended, and take notes of corrections away that the source follows by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines.exchange import Resource, resources
from yiwang.engines.exchange.quality import Outcome, score
from yiwang.engines.exchange.quality_kinds import QualityRule
from yiwang.engines.exchange.quality_words import say_rule
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import system

from .. import pages_kept
from ..domain import settings
from ..domain.runs import RunState, TaskState, move_task
from ..domain.values import same_value
from ..marks import settle
from ..models import Correction, Finding, QualityRun, Task
from .mending import open_task, tell_data_officers

CLOCK = system("质量检查")


def finish(
    row: QualityRun, resource: Resource, outcomes: Sequence[Outcome], said: Sequence[tuple[int, str | None]]
) -> int:
    """End a run that was judged. Returns 1; 0 when another worker ended it meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        locked = QualityRun.objects.select_for_update().get(pk=row.pk)
        if RunState(locked.state) is not RunState.READING or locked.taken_by != row.taken_by:
            return 0
        _keep(row, resource, outcomes, now)
        _follow(resource, outcomes, now)
        for key, value in said:
            correction = Correction.objects.get(pk=key)
            if same_value(value, correction.new):
                settle(correction, now)
        detail = {"rows": row.rows, "score": row.score if row.score is not None else -1}
        record(CLOCK, "quality.judged", stream=_stream(row), about=row.public_id, detail=detail)
    pages_kept.remove_pages(row.public_id)
    return 1


def fail(row: QualityRun, why: str) -> int:
    """End a run that could not be read or judged, and say why to the provider. Returns 1."""
    with transaction.atomic():
        row.state, row.why = RunState.FAILED.value, why[:500]
        row.ended_at, row.taken_until, row.progress = timezone.now(), None, {}
        row.save()
        record(CLOCK, "quality.failed", stream=_stream(row), about=row.public_id)
        body = f"“{_name(row.resource)}”没有检查成：{row.why}"
        tell_data_officers(row.provider, "数据质量检查没有读到数据", body, about=row.public_id)
    pages_kept.remove_pages(row.public_id)
    return 1


def _keep(row: QualityRun, resource: Resource, outcomes: Sequence[Outcome], now: dt.datetime) -> None:
    catalogue = current().catalogue
    names = {one.id: one.name for one in resources(catalogue).values()}
    rules = {one.id: one for one in resource.quality}
    result = score(outcomes, settings.weights(catalogue))
    row.state, row.ended_at, row.taken_until, row.progress, row.why = RunState.DONE.value, now, None, {}, ""
    row.score = None if result.whole is None else int(result.whole * 100)
    row.dimensions = {dimension.value: int(value * 100) for dimension, value in result.dimensions.items()}
    row.save()
    Finding.objects.bulk_create(
        Finding(
            run=row,
            rule=one.rule,
            kind=one.kind.value,
            dimension=one.kind.dimension.value,
            says=say_rule(rules[one.rule], resource, names)[:1000],
            judged=one.judged,
            failed=one.failed,
            wanted=one.wanted,
            met=one.met,
            samples=list(one.samples),
        )
        for one in outcomes
    )


def _follow(resource: Resource, outcomes: Sequence[Outcome], now: dt.datetime) -> None:
    """Ask to mend, ask again, or confirm: each rule by what came of it now."""
    rules = {one.id: one for one in resource.quality}
    open_ = {one.rule: one for one in _unconfirmed(resource.id)}
    for outcome in outcomes:
        task = open_.pop(outcome.rule, None)
        if not outcome.met:
            _ask(resource, rules[outcome.rule], outcome, task, now)
        elif task is not None and outcome.judged:
            _confirm(task, now)
    for task in open_.values():  # the rule is gone: nothing is asked any more
        _confirm(task, now)


def _unconfirmed(resource: str) -> list[Task]:
    rows = Task.objects.select_for_update().filter(resource=resource)
    return list(rows.exclude(state=TaskState.CONFIRMED.value))


def _ask(
    resource: Resource, rule: QualityRule, outcome: Outcome, task: Task | None, now: dt.datetime
) -> None:
    if task is None:
        open_task(resource, rule, failed=outcome.failed, now=now)
        return
    task.failed = outcome.failed
    if TaskState(task.state) is TaskState.MENDED:
        opened = current()
        task.state = move_task(TaskState.MENDED, TaskState.OPEN).value
        task.returned += 1
        task.escalated_at = None
        day = timezone.localdate(now)
        task.due_on = due_on(opened.catalogue, opened.calendar, settings.MEND_DAYS, day)
        body = f"“{resource.name}”：{rule.mend}。复查仍有{outcome.failed}行不合格。"
        tell_data_officers(resource.provider, "数据质量整改复查不合格", body, about=task.public_id)
    task.save()


def _confirm(task: Task, now: dt.datetime) -> None:
    task.state = move_task(TaskState(task.state), TaskState.CONFIRMED).value
    task.failed, task.confirmed_at = 0, now
    task.save()


def _name(resource: str) -> str:
    known = resources(current().catalogue).get(resource)
    return known.name if known else resource


def _stream(row: QualityRun) -> str:
    return f"quality:{row.resource}"
