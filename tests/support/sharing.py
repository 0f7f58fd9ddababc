# SPDX-License-Identifier: Apache-2.0
"""An exchange of data for tests: grants as told, answers as told, and remembers what was asked. Nothing
goes over a wire, and everything is asked in the test's own thread. And what is kept, looked at from below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

from support.city import OFFICE
from yiwang.apps.catalogue.public import current
from yiwang.apps.gateway.models.calls import Call, CallSubject, Outcome
from yiwang.apps.identity.public import subject
from yiwang.apps.lookups import plugs
from yiwang.apps.lookups.models import Consent, Lookup
from yiwang.apps.lookups.public import Exchange, Granted, Reply, Request, one_by_one, use_exchange
from yiwang.engines.exchange import resources

Answer = Callable[[Request], Sequence[Mapping[str, Any]]]


@dataclass
class FakeExchange:
    """Grants of these resources (None: of all there are) to these departments (None: to all)."""

    answer: Answer
    only: frozenset[str] | None = None
    orgs: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    plain: frozenset[str] | None = None
    asked: list[Request] = field(default_factory=list)

    def grant_of(self, resource: str, org: str, item: str, *, at: dt.datetime) -> Granted | None:
        """One grant for each department and resource; everything in it unless told otherwise."""
        if self.orgs is not None and org not in self.orgs:
            return None
        if self.only is not None and resource not in self.only:
            return None
        every = frozenset(one.id for one in resources(current().catalogue)[resource].fields)
        held = every if self.fields is None else every & self.fields
        plain = held if self.plain is None else held & self.plain
        return Granted(f"g-{resource}-{org}", held, plain, "政务数据共享授权")

    def ask(self, request: Request, *, now: dt.datetime) -> Reply:
        """Remember, then answer."""
        self.asked.append(request)
        return Reply(self.answer(request), f"receipt-{len(self.asked)}")


def theirs(request: Request, **values: Any) -> list[dict[str, Any]]:
    """One row about whoever is asked about, with the fields asked for: the given values, their number
    where it was looked for, 正常 for what says how it stands."""
    number = subject(request.subject).number
    row: dict[str, Any] = {name: values.get(name) for name in request.fields}
    for one in resources(current().catalogue)[request.resource].fields:
        if one.id in row and one.id not in values and one.name.endswith(("状态", "状况")):
            row[one.id] = "正常"
        if one.id in row and one.id not in values and one.name.endswith("有效期至"):
            row[one.id] = "2099-12-31"
    return [row | dict.fromkeys(request.keys, number)]


Plugged = TypeVar("Plugged", bound=Exchange)


@contextmanager
def plugged(exchange: Plugged) -> Iterator[Plugged]:
    """Plug it in, and what was there before again afterwards."""
    before = dict(plugs._plugged)
    use_exchange(exchange, runner=one_by_one)
    try:
        yield exchange
    finally:
        plugs._plugged.update(before)


def consents() -> list[Consent]:
    """Everything agreed to, in the order it was."""
    return list(Consent.objects.order_by("id"))


def kept_values() -> list[Any]:
    """The values kept of each lookup, opened; None: nothing any more."""
    return [one.values for one in Lookup.objects.order_by("id")]


def stored_values() -> list[str | None]:
    """The same as they lie in the database."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "values" FROM lookups_lookup ORDER BY id')
        return [row[0] for row in cursor.fetchall()]


def called(about: str, *, at: dt.datetime | None = None, also: str = "", **more: Any) -> None:
    """A call of shared data about somebody (and about somebody else too), as the gateway writes it."""
    said = {
        **{"at": at or timezone.now(), "resource": "household-population", "provider": "public-security"},
        **{"grant": "g_1", "org": OFFICE, "caller_kind": "client", "caller": "c_1"},
        **{"caller_name": "卫健审批系统", "purpose": "核对健康证明", "basis": "某法第一条", "subject": about},
        **{"fields": ["resident-name", "sex"], "rows": 1, "outcome": Outcome.ANSWERED, "seq": 1},
        "receipt": f"call_{Call.objects.count()}",
    }
    made = Call.objects.create(**said | more)
    if also:
        CallSubject.objects.create(receipt=made.receipt, subject=also, at=made.at)
