# SPDX-License-Identifier: Apache-2.0
"""Read calls: one by its receipt, those about somebody, those of a department."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from yiwang.apps.exchange import public as exchange
from yiwang.kernel.errors import NotFound

from .domain.calls import Caller
from .models.calls import Call, CallSubject, Outcome


@dataclass(frozen=True)
class CallRow:
    """A call as it was written. `subject`: public id or blind index; `why`: of a failure or refusal."""

    receipt: str
    at: dt.datetime
    resource: str
    provider: str
    grant: str
    org: str
    caller_kind: str
    caller: str
    caller_name: str
    purpose: str
    basis: str
    item: str
    case: str
    consent: str
    subject: str
    fields: tuple[str, ...]
    rows: int
    outcome: str
    why: str
    cached: bool
    ms: int
    request_digest: str
    response_digest: str


_COPIED = [name for name in CallRow.__dataclass_fields__ if name != "fields"]


def _row(found: Call) -> CallRow:
    return CallRow(**{name: getattr(found, name) for name in _COPIED}, fields=tuple(found.fields))


def calls_about(
    subjects: Collection[str],
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    org: str = "",
    answered: bool = True,
    limit: int = 200,
) -> list[CallRow]:
    """Who got what about somebody, newest first.

    Args:
        subjects: everything they may be known by: public ids and `subject_index` of their numbers.
        since, until: from this moment on, and before that one.
        org: only calls of this department.
        answered: only calls that were answered, also with no row; False: failed and refused ones too.
    """
    also = CallSubject.objects.filter(subject__in=subjects).values("receipt")
    found = Call.objects.filter(Q(subject__in=subjects) | Q(receipt__in=also))
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if org:
        found = found.filter(org=org)
    if answered:
        found = found.filter(outcome=Outcome.ANSWERED)
    return [_row(one) for one in found.order_by("-at", "-id")[:limit]]


def usable_by(caller: Caller, *, now: dt.datetime | None = None) -> list[dict[str, Any]]:
    """The grants of the caller's department that are in force: what may be asked, how, for what."""
    at, found = now or timezone.now(), []
    for grant in exchange.grants_of(caller.org):
        if not grant.usable(at):
            continue
        resource = exchange.resource(grant.resource)
        found.append(
            {
                **{"grant": grant.id, "resource": resource.id, "name": resource.name},
                **{"provider": resource.provider, "purpose": grant.purpose, "basis": grant.basis},
                **{"item": grant.item, "keys": list(resource.keys), "per_minute": grant.per_minute},
                **{"per_day": grant.per_day, "valid_until": grant.valid_until.isoformat()},
                "fields": [
                    {
                        **{"id": field.id, "name": field.name, "type": field.type.value},
                        "masked": field.id not in grant.plain and field.mask.value != "none",
                    }
                    for field in resource.fields
                    if field.id in grant.fields
                ],
            }
        )
    return found


def calls_by(caller: str, orgs: Collection[str], *, limit: int = 20) -> list[CallRow]:
    """What a caller of these departments asked lately, newest first."""
    found = Call.objects.filter(org__in=orgs, caller=caller).order_by("-at")
    return [_row(one) for one in found[:limit]]


def recent_outcomes(*, now: dt.datetime, minutes: int = 10) -> dict[str, int]:
    """How the calls of the last minutes ended: for monitoring."""
    found = Call.objects.filter(at__gte=now - dt.timedelta(minutes=minutes)).values_list("outcome")
    counted = dict(found.annotate(count=Count("id")).order_by())
    return {outcome.value: counted.get(outcome.value, 0) for outcome in Outcome}


def calls_of(orgs: Collection[str], *, limit: int = 100) -> list[CallRow]:
    """The calls of these departments, newest first."""
    return [_row(one) for one in Call.objects.filter(org__in=orgs).order_by("-at")[:limit]]


def call_by_receipt(receipt: str) -> CallRow:
    """The call of a receipt, for whoever may know of it: the caller decides. Raises NotFound."""
    found = Call.objects.filter(receipt=receipt).first()
    if found is None:
        raise NotFound("没有这张调用回执。", mend="请核对回执编号。")
    return _row(found)
