# SPDX-License-Identifier: Apache-2.0
"""The check on every application (逢报必查、逢办必查): asked by itself, answered from the records, kept as
answered, and closed by what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.journal.public import store
from yiwang.engines.credit import Effect, EffectKind, Matter, Scene
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict
from yiwang.kernel.ids import new_public_id

from ..models import Check, CheckFeedback
from ..parts import NoSuchRecord
from ..queries.histories import effects_by_matter
from ..queries.kept_effects import kept, read_kept

PURPOSE = "逢办必查：办理申请前查询公共信用"
BASIS = "驻政〔2018〕85号“优化完善信用平台”"  # L621


@dataclass(frozen=True)
class CreditCheck:
    """What a check found: the measures for this matter, each by one record. `id`: of the kept answer."""

    id: str
    subject: str
    item: str
    case: str
    on: dt.date
    effects: tuple[Effect, ...]

    def has(self, kind: EffectKind) -> bool:
        """Whether one of the measures is of this kind."""
        return any(one.kind is kind for one in self.effects)

    @property
    def bars(self) -> tuple[Effect, ...]:
        """What bars the matter: it must be refused, by the record each names."""
        return self.of(EffectKind.BAR)

    def of(self, *kinds: EffectKind) -> tuple[Effect, ...]:
        """The measures of these kinds."""
        return tuple(one for one in self.effects if one.kind in kinds)


@transaction.atomic(savepoint=False)  # part of the application it is made for, or nothing
def check(
    actor: Actor,
    subject: str,
    *,
    items: Sequence[str],
    case: str,
    on: dt.date | None = None,
    scene: Scene = Scene.APPROVAL,
) -> list[CreditCheck]:
    """Check the credit of whom matters are about, and keep an answer for each; `on` is today unless said.

    Where something was found, the look at it stands in the journal with its purpose and basis.
    """
    now = timezone.now()
    day, release = on or timezone.localdate(now), current().digest
    found = effects_by_matter(subject, on=day, matters=[Matter(scene, item) for item in items])
    rows = [
        Check(
            public_id=new_public_id("cc"), subject=subject, scene=scene.value, item=item, case=case, on=day,
            at=now, by=actor.id, release=release, effects=[kept(one) for one in hits], hits=len(hits),
            closed_at=None if hits else now,
        )
        for item, hits in zip(items, found, strict=True)
    ]  # fmt: skip
    store(rows)
    for row, hits in zip(rows, found, strict=True):
        if hits:
            note_down(
                actor, "credit.check.look", stream=f"credit-check:{case or row.public_id}",
                about=row.public_id, subject=subject, purpose=PURPOSE, basis=BASIS,
                detail={"item": row.item, "case": case, "records": sorted({one.record for one in hits})},
            )  # fmt: skip
    return [
        CreditCheck(row.public_id, subject, row.item, case, day, hits)
        for row, hits in zip(rows, found, strict=True)
    ]


@transaction.atomic
def feed_back(
    actor: Actor, check_id: str, *, record: str, measure: str, applied: bool, words: str = ""
) -> None:
    """Say what was done about one hit of a check. Saying the same again changes nothing.

    Raises NoSuchRecord: no such check. Conflict: no such hit, or something else was said before.
    """
    row = Check.objects.select_for_update().filter(public_id=check_id).first()
    if row is None:
        raise NoSuchRecord
    if (record, measure) not in {(one["record"], one["measure"]) for one in row.effects}:
        raise Conflict("这次核查里没有这项措施，可能已经修复或者到期。", mend="请刷新后查看。")
    try:
        with transaction.atomic():
            CheckFeedback.objects.create(
                of=row, record=record, measure=measure, applied=applied, words=words.strip()[:1_000],
                by=actor.id, at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        if row.feedback.get(record=record, measure=measure).applied != applied:
            raise Conflict("这项措施已经反馈过，结果不同。", mend="请刷新后查看。") from None
        return
    if row.feedback.count() == len({(one["record"], one["measure"]) for one in row.effects}):
        row.closed_at = timezone.now()
        row.save(update_fields=["closed_at"])
    note_down(
        actor, "credit.check.answered", stream=f"credit-check:{row.case or row.public_id}",
        about=row.public_id, subject=row.subject, detail={"record": record, "applied": applied},
    )  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One measure of a kept check, and whether it was said what was done about it."""

    effect: Effect
    done: bool
    applied: bool


@dataclass(frozen=True)
class KeptCheck:
    """A check as it was kept, with what was fed back."""

    check: CreditCheck
    at: dt.datetime
    done: Collection[tuple[str, str, bool]]

    @property
    def hits(self) -> list[Hit]:
        """Each measure with what was done about it."""
        said = {(record, measure): applied for record, measure, applied in self.done}
        return [
            Hit(one, (one.record, one.measure) in said, said.get((one.record, one.measure), False))
            for one in self.check.effects
        ]


def checks_of(case: str, item: str = "") -> list[KeptCheck]:
    """The checks made for a case (of one item), newest first. Whoever calls has decided that they may see."""
    rows = Check.objects.filter(case=case).order_by("-id").prefetch_related("feedback")
    if item:
        rows = rows.filter(item=item)
    return [
        KeptCheck(
            CreditCheck(
                row.public_id, row.subject, row.item, row.case, row.on, tuple(map(read_kept, row.effects))
            ),
            row.at,
            [(one.record, one.measure, one.applied) for one in row.feedback.all()],
        )
        for row in rows
    ]
