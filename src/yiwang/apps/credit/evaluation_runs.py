# SPDX-License-Identifier: Apache-2.0
"""Evaluations of all firms that run by themselves: one in each period, begun again where one was killed.

The facts are brought up to the tables first, a step at a turn of the worker, so that its other clocks go on;
then all firms are evaluated, the lists by class lie there, and whoever plans inspections is told. One process
evaluates at a time; a run that nobody goes on with any more is ended with its reason.
"""

from __future__ import annotations

import datetime as dt
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import yiwang
from yiwang.apps.catalogue.public import current, current_digest
from yiwang.apps.identity.public import officers_in
from yiwang.apps.notices.public import notify
from yiwang.engines.credit import CreditBook, Evaluation, Scene
from yiwang.engines.definitions import whole, words
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.ids import new_public_id

from .evaluating import Everybody, evaluate_firms
from .facts import LAG, export_facts, facts_place
from .models import EvaluationRun, Record
from .parts import LEAD, book_of

CLOCK = system("信用评价时钟")
MONTHS = "credit-evaluation-months"
_AGAIN = dt.timedelta(hours=1)  # after a failure
_KEPT = 2  # results: the newest, and the one before for whoever reads it now
_CUT = "程序中途停止，没有结果。需要时请重新评价。"
_OVERTAKEN = "这一期没有评完，由下一期接替。"


def place_of(run: EvaluationRun) -> Path:
    """Where a run writes who is in which class."""
    return _folder() / f"{run.evaluation}-{run.public_id}.parquet"


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "evaluations"


def newest_run(evaluation: str) -> EvaluationRun | None:
    """The newest run that came to its end and whose result is there."""
    runs = (
        EvaluationRun.objects.filter(evaluation=evaluation).exclude(done_at=None).order_by("-done_at", "-id")
    )
    return next((one for one in runs[:_KEPT] if place_of(one).is_file()), None)


def supervisors(book: CreditBook, on: dt.date) -> frozenset[str]:
    """The units that plan inspections: those that a measure in force names for that scene."""
    return frozenset(
        one.org for one in book.measures.values() if Scene.INSPECTION in one.scenes and one.valid_on(on)
    )


def run_for_pages(actor: Actor, directory: Path, evaluation: str, *, on: dt.date) -> Everybody:
    """Evaluate every registered firm from the columns in `directory`, so that the pages show it; waits for
    whoever evaluates now. Raises what `evaluate_firms` raises."""
    book_of(current()).evaluation(evaluation)
    with _alone(wait=True):
        _end_left(_period_now(timezone.now()))
        run = _begun(actor, evaluation, None, on=on, at=timezone.now())
        with _noted(run):
            return _run(actor, run, directory)


def evaluate_due(now: dt.datetime | None = None, *, lag: dt.timedelta = LAG) -> int:
    """Begin, or go on with, what is due in this period; how many runs came to their end. `lag`: as
    `export_facts` says. A failed one is tried again after an hour, one whose result is gone (a backup holds
    none) at once; while somebody evaluates by hand, nothing is done.

    Raises what made a run fail, after writing it down.
    """
    if current_digest() is None:
        return 0
    at = now or timezone.now()
    today, period = timezone.localdate(at), _period_now(at)
    firms = [one for one in book_of(current()).evaluations.values() if one.subject is Subject.FIRM]
    with _alone(wait=False) as ours:
        if not ours:
            return 0
        _end_left(period)
        if not Record.objects.exists():
            return 0
        return sum(_look_after(one, period, at, lag) for one in firms if one.valid_on(today))


def _look_after(evaluation: Evaluation, period: dt.date, at: dt.datetime, lag: dt.timedelta) -> int:
    today = timezone.localdate(at)
    run = EvaluationRun.objects.filter(evaluation=evaluation.id, period=period).first()
    if run is not None and run.failed and at - run.begun_at < _AGAIN:
        return 0
    if run is not None and run.done_at is not None and newest_run(evaluation.id) is not None:
        return 0
    if run is None:
        run = _begun(CLOCK, evaluation.id, period, on=today, at=at)
    elif run.failed or run.done_at is not None:
        run.begun_at, run.tries, run.failed, run.done_at = at, run.tries + 1, "", None
        run.save()
    with _noted(run):
        if export_facts(CLOCK, facts_place(), now=at, lag=lag, most=1).steps:
            return 0  # the next turn goes on
        run.on = today
        _run(CLOCK, run, facts_place())
    return 1


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """Whether no other process evaluates; one that dies lets go by dying."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (_folder() / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def _end_left(period: dt.date) -> None:
    """End the runs that nobody goes on with: begun by hand and killed, or of a period before this one. By
    whoever is alone: what runs has not ended then."""
    running = EvaluationRun.objects.filter(done_at=None, failed="")
    for run in running.exclude(period=period):
        run.failed = _OVERTAKEN if run.period else _CUT
        run.save(update_fields=["failed"])
        for place in (place_of(run), place_of(run).with_suffix(".part")):
            place.unlink(missing_ok=True)


@contextmanager
def _noted(run: EvaluationRun) -> Iterator[None]:
    """Why a run fails stands with it; a run that is killed says nothing."""
    try:
        yield
    except Exception as error:
        run.failed = error.message[:200] if isinstance(error, YiwangError) else type(error).__name__
        run.save()
        raise


def _period_now(at: dt.datetime) -> dt.date:
    return period_of(timezone.localdate(at), whole(current().catalogue, MONTHS))


def period_of(day: dt.date, months: int) -> dt.date:
    """The first day of the period of so many months that a day lies in, counted from January."""
    year, month = divmod((day.year * 12 + day.month - 1) // months * months, 12)
    return dt.date(year, month + 1, 1)


def _begun(
    actor: Actor, evaluation: str, period: dt.date | None, *, on: dt.date, at: dt.datetime
) -> EvaluationRun:
    return EvaluationRun.objects.create(
        public_id=new_public_id("ev"), evaluation=evaluation, period=period, on=on, by=actor.id,
        release=current().digest, program=yiwang.__version__, begun_at=at,
    )  # fmt: skip


def _run(actor: Actor, run: EvaluationRun, directory: Path) -> Everybody:
    """Evaluate, write down that it is done, tell; a run that is killed leaves nothing that counts."""
    done = evaluate_firms(actor, directory, run.evaluation, on=run.on, to=place_of(run))
    run.release, run.program, run.classes = done.release, yiwang.__version__, dict(done.classes)
    run.done_at = timezone.now()
    with transaction.atomic():
        run.save()
        _tell(run)
    _forget_old(run.evaluation)
    return done


def _tell(run: EvaluationRun) -> None:
    """Tell whoever plans inspections, and the leading unit, that there are new lists by class."""
    opened = current()
    book = book_of(opened)
    counts = "，".join(f"{name}{count}家" for name, count in run.classes.items())
    body = (
        f"“{book.evaluation(run.evaluation).name}”{format_date(run.on)}的结果：{counts}。"
        "请按等级调整抽查比例和监管频次；名单在“公共信用”的“分级分类监管”。"
    )
    units = {words(opened.catalogue, LEAD), *supervisors(book, run.on)}
    for officer in sorted({one for org in units for one in officers_in(org)}):
        notify(officer, "企业信用等级已更新", body, about=run.public_id)


def _forget_old(evaluation: str) -> None:
    runs = EvaluationRun.objects.filter(evaluation=evaluation).exclude(done_at=None)
    kept = {place_of(one) for one in runs.order_by("-done_at", "-id")[:_KEPT]}
    for path in _folder().glob(f"{evaluation}-*.parquet"):
        if path not in kept:
            path.unlink(missing_ok=True)
