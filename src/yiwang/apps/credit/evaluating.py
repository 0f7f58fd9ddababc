# SPDX-License-Identifier: Apache-2.0
"""Evaluate: one subject from the tables, as they are now; all firms from the columns, as last exported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import registered_firms
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import CreditBook, Evaluated, Evaluation, Fact, evaluate_one, fact_of
from yiwang.engines.credit.evaluation_population import GRADE, evaluate_all
from yiwang.engines.credit.store import Store
from yiwang.engines.credit.store_reading import facts_of_subject, newest
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Invalid
from yiwang.kernel.late import Late

from .models import Record
from .parts import NoSuchRecord, book_of, leads
from .queries.histories import histories

ibis: Any = Late("ibis")
pa: Any = Late("pyarrow")

BASIS = "豫发改财金〔2023〕39号（公共信用综合评价、分级分类监管）"
_STREAMED = "SET preserve_insertion_order = false"


@dataclass(frozen=True)
class Everybody:
    """An evaluation of all firms: how many are in each class, in the order of the classes."""

    evaluation: str
    release: str
    on: dt.date
    classes: Mapping[str, int]


def evaluate_subject(
    actor: Actor, subject: str, evaluation: str, *, on: dt.date, purpose: str = ""
) -> Evaluated:
    """The evaluation of one firm with every reason, for itself, or for the unit that leads public credit;
    its look is logged with its purpose.

    Raises NoSuchRecord: nobody the actor may ask of; Invalid: no purpose; NotFound: no such evaluation.
    """
    opened = current()
    asked = book_of(opened).evaluation(evaluation)
    _look(actor, subject, purpose)
    rows = list(Record.objects.filter(subject=subject).order_by("id"))
    facts = [fact for one in histories(rows) if (fact := fact_of(one)) is not None]
    return evaluate_one(asked, book_of(opened), facts, subject=subject, on=on)


def history_in(actor: Actor, directory: Path, subject: str, *, purpose: str = "") -> tuple[Fact, ...]:
    """All facts about a subject that the columns hold; who may ask, and what is raised, as above."""
    _look(actor, subject, purpose)
    return facts_of_subject(Store(directory), subject)


def _look(actor: Actor, subject: str, purpose: str) -> None:
    if actor.is_subject(subject):
        return
    if not (actor.kind is ActorKind.SYSTEM or leads(actor, current())):
        raise NoSuchRecord
    if len(purpose.strip()) < 2 or len(purpose) > 200:
        raise Invalid("请写明用途。", mend="例如：编制抽查计划。", field="purpose")
    with transaction.atomic():
        note_down(
            actor, "credit.evaluation.look", stream=f"credit-looks:{subject}", about=subject,
            subject=subject, purpose=purpose.strip(), basis=BASIS,
        )  # fmt: skip


def evaluate_firms(actor: Actor, directory: Path, evaluation: str, *, on: dt.date, to: Path) -> Everybody:
    """Evaluate every registered firm from the columns in `directory`, and write Parquet to `to`: subject,
    counts, points, score, class. The run is on record with the release whose rules it used.

    Raises NotFound: no such evaluation, or nothing exported yet; Invalid: it is not one of firms.
    """
    opened = current()
    asked = book_of(opened).evaluation(evaluation)
    if asked.subject is not Subject.FIRM:
        raise Invalid("全量评价只对法人和非法人组织。", mend="个人请逐一评价。")
    counted = _run(asked, book_of(opened), Store(directory), on=on, to=to)
    by_class = {row[GRADE]: int(row["firms"]) for row in counted}
    classes = {one.name: by_class.get(one.name, 0) for one in asked.classes}
    with transaction.atomic():
        detail = {"evaluation": asked.id, "on": on.isoformat(), "release": opened.digest, "classes": classes}
        note_down(actor, "credit.firms.evaluated", stream="credit-evaluations", about=asked.id, detail=detail)
    return Everybody(asked.id, opened.digest, on, classes)


def _run(evaluation: Evaluation, book: CreditBook, store: Store, *, on: dt.date, to: Path) -> list[Any]:
    """Write everybody's evaluation to `to`, whole or not at all; how many are in each class."""
    firms = pa.table({"subject": pa.array([firm.public_id for firm in registered_firms()], pa.string())})
    engine = ibis.duckdb.connect()
    try:
        engine.raw_sql(_STREAMED)
        query = evaluate_all(evaluation, book, newest(engine, store), ibis.memtable(firms), on=on)
        draft = to.with_suffix(".part")
        engine.to_parquet(query, draft)
        draft.replace(to)
        found = engine.read_parquet(to)
        counted: list[Any] = engine.to_pyarrow(
            found.group_by(GRADE).aggregate(firms=found.count())
        ).to_pylist()
        return counted
    finally:
        engine.disconnect()
