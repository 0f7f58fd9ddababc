# SPDX-License-Identifier: Apache-2.0
"""Compare letters with shared data by itself, before an officer looks (L777: 优先在线核查).

1. The worker takes the checks whose time has come. 2. It asks outside any transaction. 3. Under the lock of
the letter the look is written down as the comparison's own. No answer: it asks again later, until the
last day of the check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.engines.definitions import Catalogue, whole
from yiwang.engines.definitions.kinds.standing_in import Comparison
from yiwang.engines.exchange import Resource, resources
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Kind, YiwangError

from ..domain.comparing import Pair, Verdict, judge, together
from ..domain.settings import COMPARE_AGAIN
from ..domain.states import CheckState, Found, Method
from ..models import Check
from ..plugs import Question, source
from ._chain import locked
from .checking import note_look

COMPARES = system("在线核查")
_AT_ONCE = 50


def compare_due(*, now: dt.datetime | None = None) -> int:
    """Compare what is due; how many looks were written down. Never inside a transaction of the caller's that
    others wait for: each comparison asks a department."""
    at, done = now or timezone.now(), 0
    due = Check.objects.filter(compare_at__lte=at).select_related("letter").order_by("compare_at", "id")
    for check in due[:_AT_ONCE]:
        done += _compare(check, at)
    return done


def _compare(check: Check, now: dt.datetime) -> int:
    run = _Run(check, release(check.letter.release).catalogue, now)
    try:
        verdict = together(list(run.verdicts()))
    except YiwangError as error:
        if error.kind is Kind.UNAVAILABLE and _goes_on(check, now):
            _later(check, now)
            return 0
        verdict = Verdict(Found.UNCLEAR, f"没有比成：{error.message}")
    return _write_down(check, verdict, run.receipts)


def _goes_on(check: Check, now: dt.datetime) -> bool:
    return check.due_on is None or timezone.localdate(now) < check.due_on


def _later(check: Check, now: dt.datetime) -> None:
    again = now + dt.timedelta(minutes=whole(current().catalogue, COMPARE_AGAIN))
    Check.objects.filter(pk=check.pk, compare_at__isnull=False).update(compare_at=again)


@dataclass
class _Run:
    """One check while it is compared; `known`: the definitions its letter was signed under."""

    check: Check
    known: Catalogue
    now: dt.datetime
    receipts: list[str] = field(default_factory=list)

    def verdicts(self) -> Iterator[Verdict]:
        """What each resource says. Raises YiwangError: no grant, no answer."""
        uses = self.known.items[self.check.item].materials
        promise = next(one.commitment for one in uses if one.material == self.check.letter.material)
        for one in promise.compare if promise else ():
            resource = resources(current().catalogue).get(one.resource)
            if resource is None:
                yield Verdict(Found.UNCLEAR, "数据资源已经不在目录里")
            else:
                yield self._verdict(one, resource)

    def _verdict(self, one: Comparison, resource: Resource) -> Verdict:
        said, check = self.check.said, self.check
        held = {item.element: item.id for item in resource.fields if item.element}
        if one.by not in held or not set(one.elements) <= held.keys():
            return Verdict(Found.UNCLEAR, f"“{resource.name}”里没有要比的信息项")
        number = str(said.get(one.by) or "")
        if not number:
            return Verdict(Found.UNCLEAR, "申请表里没有可以查的号码")
        wanted = tuple(held[element] for element in one.elements)
        keys = {held[one.by]: number}
        asked = Question(one.resource, check.org, check.item, check.letter.case, keys, wanted)
        reply = source().ask(asked, now=self.now)
        self.receipts.append(reply.receipt)
        return judge(resource.name, [self._pairs(one, held, row, reply.plain) for row in reply.rows])

    def _pairs(
        self, one: Comparison, held: Mapping[str, str], row: Mapping[str, Any], plain: frozenset[str]
    ) -> list[Pair]:
        names, said = self.known.elements, self.check.said
        return [Pair(names[e].name, said.get(e), row.get(held[e]), held[e] in plain) for e in one.elements]


@transaction.atomic
def _write_down(check: Check, verdict: Verdict, receipts: list[str]) -> int:
    """The look, once: unless somebody concluded it meanwhile, or another worker was first."""
    letter = locked(check.letter.public_id)
    row = Check.objects.get(pk=check.pk)
    row.letter = letter
    if row.compare_at is None:
        return 0
    row.compare_at = None
    row.save(update_fields=["compare_at"])
    if not CheckState(row.state).is_open:
        return 0
    note_look(COMPARES, row, Method.ONLINE, verdict, receipts=receipts)
    return 1
