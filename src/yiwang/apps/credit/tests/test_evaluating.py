# SPDX-License-Identifier: Apache-2.0
"""Records as columns, and evaluations from them: always what the tables say."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
import time_machine
from django.conf import LazySettings
from django.utils import timezone

import yiwang
from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import evaluation_runs
from yiwang.apps.credit import public as credit
from yiwang.apps.credit.evaluating import evaluate_firms, evaluate_subject, history_in
from yiwang.apps.credit.evaluation_runs import evaluate_due
from yiwang.apps.credit.facts import export_facts
from yiwang.apps.credit.models import EvaluationRun, Record
from yiwang.apps.credit.parts import NoSuchRecord, book_of
from yiwang.apps.credit.queries.histories import histories
from yiwang.apps.identity.public import appoint_officer
from yiwang.apps.journal.public import looks_at
from yiwang.apps.notices.public import box
from yiwang.engines.credit import CreditBook, Fact, evaluate_one, fact_of
from yiwang.engines.credit.store import Store
from yiwang.engines.credit.store_merging import merge
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Invalid

from .conftest import UNIT, Town

CLERK = system("测试导出")
EVALUATION = "evaluation-firms"
NONE = dt.timedelta(0)


def export(store: Path, *, step: int = 500_000) -> tuple[int, int]:
    """Everything up to now: (records written, steps)."""
    done = export_facts(CLERK, store, now=timezone.now(), lag=NONE, step=step)
    return done.records, done.steps


def live(subject: str) -> tuple[Fact, ...]:
    """A subject's facts as the tables say."""
    rows = list(Record.objects.filter(subject=subject))
    found = [fact for one in histories(rows) if (fact := fact_of(one)) is not None]
    return tuple(sorted(found, key=lambda one: (one.decided, one.record)))


def agrees(town: Town, store: Path, to: Path) -> None:
    """The columns say of each firm what the tables say, and all firms are evaluated as each alone."""
    evaluate_firms(CLERK, store, EVALUATION, on=town.today, to=to)
    rows = {row["subject"]: row for row in parquet.read_table(to).to_pylist()}
    for which, firm in enumerate(town.firms):
        facts = history_in(CLERK, store, firm, purpose="核对导出")
        assert facts == live(firm)
        alone = evaluate_subject(town.bosses[which], firm, EVALUATION, on=town.today)
        assert (rows[firm]["评价得分"], rows[firm]["等级"]) == (alone.score, alone.grade.name)
        assert evaluate_one(alone.evaluation, _book(), facts, subject=firm, on=town.today) == alone


def _book() -> CreditBook:
    return book_of(current())


@pytest.mark.parametrize("seed", range(2))
def test_the_columns_follow_whatever_is_done(
    town: Town, clock: time_machine.Traveller, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    living: dict[str, tuple[credit.NewRecord, int]] = {}
    told = 0
    for turn in range(4):
        for number in range(4):
            new = town.penalty(
                chance.randrange(2),
                reference=f"{seed}-{turn}-{number}号",
                severity=chance.choice([*credit.Severity]),
            )
            living[credit.record(town.officer, new)] = (new, 1)
            told += 1
        for do in ("correct", "withdraw", "object"):
            one = chance.choice(sorted(living))
            new, version = living.pop(one)
            if do == "correct":
                day = new.decided_on - dt.timedelta(days=chance.choice([1, 400]))
                firm = chance.choice(town.firms)
                changed = vars(new) | {
                    "decided_on": day,
                    "happened_on": day,
                    "subject": firm,
                    "title": f"改{turn}",
                }
                corrected = credit.NewRecord(**changed)
                credit.correct(town.officer, corrected, version=version, reason="写错了")
                living[one] = (corrected, version + 1)
            elif do == "withdraw":
                credit.withdraw(town.officer, one, reason="撤销了")
            else:
                boss = town.bosses[town.firms.index(new.subject)]
                raised = credit.object_to(boss, one, words="这条记录不对")
                credit.answer(
                    town.officer, raised, outcome=credit.Outcome.REMOVED, words="核查过了，理由如下"
                )
        clock.shift(dt.timedelta(days=chance.choice([1, 100, 400])))
        export(tmp_path / "store", step=3)
        if turn % 2:
            merge(Store(tmp_path / "store"), now=timezone.now())
        agrees(town, tmp_path / "store", tmp_path / "out.parquet")
    assert Record.objects.count() == told
    assert export(tmp_path / "store") == (0, 0)
    assert Store(tmp_path / "store").wrong() == []
    whole = tmp_path / "whole"
    assert export(whole) == (told, 1)
    for firm in town.firms:
        assert history_in(CLERK, whole, firm, purpose="核对导出") == live(firm)


def test_what_is_young_waits_and_a_cut_export_goes_on(
    town: Town, clock: time_machine.Traveller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = credit.record(town.officer, town.penalty(reference="一号"))
    clock.shift(dt.timedelta(hours=2))
    young = credit.record(town.officer, town.penalty(reference="二号"))
    assert export_facts(CLERK, tmp_path, now=timezone.now()).records == 1
    assert [one.record for one in history_in(CLERK, tmp_path, town.firms[0], purpose="核对导出")] == [first]
    clock.shift(dt.timedelta(hours=2))
    with monkeypatch.context() as cut:
        cut.setattr(Store, "keep", lambda *_: (_ for _ in ()).throw(OSError("the power went")))
        with pytest.raises(OSError, match="power"):
            export_facts(CLERK, tmp_path, now=timezone.now())
    assert export_facts(CLERK, tmp_path, now=timezone.now()).records == 1
    found = history_in(CLERK, tmp_path, town.firms[0], purpose="核对导出")
    assert {one.record for one in found} == {first, young}


def test_all_firms_are_evaluated_by_themselves_once_a_period_whatever_breaks(
    town: Town,
    clock: time_machine.Traveller,
    tmp_path: Path,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DATA_DIR = tmp_path
    turn = partial(evaluate_due, lag=NONE)
    assert (turn(), EvaluationRun.objects.count()) == (0, 0)  # nothing to evaluate yet
    credit.record(town.officer, town.penalty())
    planner = appoint_officer(CLERK, name="抽查员", org=UNIT, posts=town.officer.posts)
    assert turn() == 0  # the facts first
    graded = partial(credit.graded_firms, town.officer, EVALUATION)
    assert [one.state for one in graded(purpose="").runs] == ["正在评价"]
    with monkeypatch.context() as broken:
        broken.setattr(evaluation_runs, "evaluate_firms", _raise(SystemExit()))
        with pytest.raises(SystemExit):  # killed
            turn()
        broken.setattr(evaluation_runs, "evaluate_firms", _raise(OSError("disk full")))
        with pytest.raises(OSError, match="disk"):
            turn()
    assert turn() == 0
    assert [(one.state, one.failed) for one in graded(purpose="").runs] == [("没有完成", "OSError")]
    clock.shift(dt.timedelta(hours=1))
    assert [turn(), turn(), turn()] == [1, 0, 0]
    (run,) = EvaluationRun.objects.all()
    assert (run.period, run.tries, run.program) == (dt.date(2026, 12, 1), 2, yiwang.__version__)
    assert run.release == current().digest
    assert run.classes == {"A级": 0, "B级": 1, "C级": 1, "D级": 0}
    assert [one.title for one in box([planner])] == ["企业信用等级已更新"]
    page = graded(grade="C级", purpose="编制抽查计划")
    assert ([one.subject for one in page.firms], page.may_list, page.may_ask) == (
        [town.firms[0]],
        True,
        False,
    )
    for _ in range(3):
        clock.shift(dt.timedelta(days=31))
        assert turn() == 1
    assert EvaluationRun.objects.filter(done_at__isnull=False).count() == 4
    assert len([*(tmp_path / "evaluations").glob("*.parquet")]) == 2
    credit.record(town.officer, town.penalty(reference="二号"))
    clock.shift(dt.timedelta(days=31))
    assert turn() == 0  # the facts first; then this worker stops for a month
    clock.shift(dt.timedelta(days=31))
    assert turn() == 1
    assert [(one.state, one.failed) for one in graded(purpose="").runs[:2]] == [
        ("已完成", ""),
        ("没有完成", "这一期没有评完，由下一期接替。"),
    ]
    for result in (tmp_path / "evaluations").glob("*.parquet"):
        result.unlink()  # restored from a backup
    assert [turn(), turn()] == [1, 0]
    assert EvaluationRun.objects.latest("id").tries == 2


def _raise(error: BaseException) -> Callable[..., None]:
    def instead(*_: object, **__: object) -> None:
        raise error

    return instead


def test_an_evaluation_is_for_the_firm_and_the_leading_unit_and_every_look_is_logged(town: Town) -> None:
    credit.record(town.officer, town.penalty())
    own = evaluate_subject(town.bosses[0], town.firms[0], EVALUATION, on=town.today)
    assert own.grade.name == "C级"
    assert [one.indicators for one in own.used] == [("严重处罚数",)]
    for actor in (town.bosses[1], town.officer):
        with pytest.raises(NoSuchRecord):
            evaluate_subject(actor, town.firms[0], EVALUATION, on=town.today, purpose="看一看")
    with pytest.raises(Invalid, match="用途"):
        evaluate_subject(town.lead, town.firms[0], EVALUATION, on=town.today)
    assert looks_at(town.firms[0]) == []
    assert (
        evaluate_subject(town.lead, town.firms[0], EVALUATION, on=town.today, purpose="编制抽查计划") == own
    )
    (look,) = looks_at(town.firms[0])
    assert look["purpose"] == "编制抽查计划"


def test_the_worker_merges_its_own_facts_when_so_many_were_told_again(
    town: Town, clock: time_machine.Traveller, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA_DIR = tmp_path
    settings.ENV = settings.ENV | {"CREDIT_MERGE_FILES": 9, "CREDIT_MERGE_PERCENT": 34}
    place = tmp_path / "credit-facts"
    assert credit.merge_facts() is False
    first = credit.record(town.officer, town.penalty())
    credit.record(town.officer, town.penalty(1, reference="二号"))
    export(place)
    assert credit.merge_facts() is False
    credit.withdraw(town.officer, first, reason="撤销了")
    export(place)
    assert [credit.merge_facts(), credit.merge_facts()] == [False, False]  # 1 of 3
    credit.correct(town.officer, town.penalty(1, reference="二号", title="改"), version=1, reason="错")
    assert export(place) == (1, 1)
    assert [credit.merge_facts(), credit.merge_facts()] == [True, False]  # 2 of 4
    assert Store(place).manifest().rows == 2
    assert history_in(CLERK, place, town.firms[0], purpose="核对导出") == live(town.firms[0])
