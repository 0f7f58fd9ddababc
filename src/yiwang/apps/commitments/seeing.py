# SPDX-License-Identifier: Apache-2.0
"""Checks as officers see them: what is due, one check with its looks, what other bodies asked of us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind

from .chain import Link, chain_of
from .commands.checking import NoSuchCheck
from .domain.states import CheckState, Found, Method
from .models import Assistance, Check
from .parts import CHECKS, DECIDES, works_on
from .queries import LetterView, view_of

_LOOK = ("核查告知承诺", "驻政办〔2021〕8号")  # L775–777
_MOST = 200


@dataclass(frozen=True)
class CheckRow:
    """A check in a list. `late`: its day has passed; `mend_until`: mending was ordered and is open."""

    public_id: str
    item_name: str
    material_name: str
    org: str
    why: str
    state: CheckState
    due_on: dt.date | None
    mend_until: dt.date | None
    late: bool


@dataclass(frozen=True)
class LookView:
    """One look."""

    method: Method
    found: Found
    words: str
    at: dt.datetime
    by_name: str
    receipts: Sequence[str] = ()


@dataclass(frozen=True)
class AssistanceView:
    """A request for help. `late`: nobody answered in time."""

    public_id: str
    org: str
    org_name: str
    question: str
    answer_by: dt.date
    answered_at: dt.datetime | None
    refused: bool
    answer: str
    late: bool
    asker: str
    material_name: str


@dataclass(frozen=True)
class CheckView:
    """One check: whose letter it is (masked), how it is to be checked, its whole chain of facts."""

    row: CheckRow
    committer: str
    number: str
    letter: LetterView
    standard: str
    licences: Sequence[str]
    looks: Sequence[LookView]
    assistances: Sequence[AssistanceView]
    record: str
    mended_at: dt.datetime | None
    may_decide: bool
    chain: Sequence[Link] = ()

    @property
    def is_open(self) -> bool:
        """Whether it may still be concluded."""
        return self.row.state.is_open

    @property
    def settled(self) -> Found | None:
        """What the last look that settled anything found."""
        return next((one.found for one in reversed(self.looks) if one.found is not Found.UNCLEAR), None)


def due_checks(actor: Actor) -> list[CheckRow]:
    """What the officer's department has to check, or has ordered to be mended, the most pressing first."""
    reach = Q()
    for post in actor.posts:
        if post.role in CHECKS and post.org:
            reach |= Q(org=post.org, **({"place": post.place} if post.place else {}))
    if not reach or actor.kind is not ActorKind.OFFICER:
        return []
    todo = Q(state=CheckState.DUE.value) | Q(mend_until__isnull=False, mended_at=None)
    rows = Check.objects.filter(reach & todo).select_related("letter").order_by("due_on", "id")[:_MOST]
    return [_row(row, timezone.localdate()) for row in rows]


def _row(row: Check, today: dt.date) -> CheckRow:
    known = current().catalogue
    item, material = known.items.get(row.item), known.materials.get(row.letter.material)
    until = row.mend_until if row.mended_at is None else None
    last = until or (row.due_on if row.state == CheckState.DUE.value else None)
    return CheckRow(
        row.public_id, item.name if item else row.item, material.name if material else row.letter.material,
        row.org, row.why, CheckState(row.state), row.due_on, until, last is not None and last < today,
    )  # fmt: skip


@transaction.atomic
def check_view(actor: Actor, public_id: str) -> CheckView:
    """One check; the look is in the journal. Raises NoSuchCheck for officers of other departments."""
    row = Check.objects.filter(public_id=public_id).select_related("letter").first()
    if row is None or not works_on(actor, row.org, row.place, CHECKS):
        raise NoSuchCheck
    letter, today = row.letter, timezone.localdate()
    record(
        actor, "commitment.look", stream=f"looks:{letter.case}", about=row.public_id, subject=letter.subject,
        purpose=_LOOK[0], basis=_LOOK[1],
    )  # fmt: skip
    who, known = subject_of(letter.subject), current().catalogue
    item = known.items.get(row.item)
    uses = [use for use in item.materials if use.material == letter.material] if item else []
    return CheckView(
        row=_row(row, today), committer=who.masked_name, number=who.masked_number, letter=view_of(letter),
        standard=next((use.commitment.check.standard for use in uses if use.commitment), ""),
        licences=tuple(row.licences),
        looks=[
            LookView(Method(one.method), Found(one.found), one.words, one.at, one.by_name, one.receipts)
            for one in row.looks.order_by("id")
        ],
        assistances=[_assistance(one, today) for one in row.assistances.order_by("id")],
        record=row.record, mended_at=row.mended_at,
        may_decide=works_on(actor, row.org, row.place, DECIDES), chain=chain_of(actor, letter),
    )  # fmt: skip


def _assistance(row: Assistance, today: dt.date) -> AssistanceView:
    known = current().catalogue
    org, asker = known.orgs.get(row.org), known.orgs.get(row.of.org)
    material = known.materials.get(row.of.letter.material)
    return AssistanceView(
        row.public_id, row.org, org.name if org else row.org, row.question, row.answer_by, row.answered_at,
        row.refused, row.answer, row.answered_at is None and row.answer_by < today,
        asker.name if asker else row.of.org, material.name if material else row.of.letter.material,
    )  # fmt: skip


def asked_of_us(actor: Actor) -> list[AssistanceView]:
    """What other bodies asked the officer's department and nobody answered yet, the oldest first."""
    own = {post.org for post in actor.posts if post.role in CHECKS and post.org}
    if actor.kind is not ActorKind.OFFICER or not own:
        return []
    rows = Assistance.objects.filter(org__in=own, answered_at=None).select_related("of__letter")
    return [_assistance(row, timezone.localdate()) for row in rows.order_by("answer_by", "id")[:_MOST]]
