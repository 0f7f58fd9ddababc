# SPDX-License-Identifier: Apache-2.0
"""Certificates of an enrolment (《购买洁净型煤证明》): on paper, with the number and a check that the seller
types in. The check is a keyed digest of what the certificate says, so nobody can make one up; it says nothing
of its holder, and it stands until what is enrolled changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject as subject_of
from yiwang.apps.journal.public import record as write_down
from yiwang.apps.vault.public import blind_indexes
from yiwang.engines.definitions.citing import cite_words
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import mask_name
from yiwang.kernel.money import format_fen

from .enrolled import said
from .models import Enrolment, Payee, Record
from .settlement_parts import NoSuchSettlement, begins, settled_of
from .settlement_queries import place_name
from .worths import LEFT_OUT, targets_of, year_of

_DIGITS = 8
_PURPOSE = "benefits.certificate"
_BASIS = "驻政办〔2018〕189号：凭《购买洁净型煤证明》购买"


@dataclass(frozen=True)
class CertificateView:
    """A certificate as it is printed. `left`: what the year can still give, in words; empty: no limit."""

    enrolment: str
    title: str
    policy_name: str
    number: str
    check: str
    name: str
    masked_number: str
    where: str
    facts: Sequence[tuple[str, str]]
    kept: Sequence[tuple[str, str]]
    began_on: dt.date
    ended_on: dt.date | None
    year: int
    left: str
    cite: str


@dataclass(frozen=True)
class CheckedCertificate:
    """What a seller learns of a certificate: that it is in force, whose it is (masked), what is left."""

    number: str
    masked_name: str
    facts: Sequence[tuple[str, str]]
    year: int
    left: str


@transaction.atomic
def certificate(actor: Actor, enrolment: str) -> CertificateView:
    """The certificate of an enrolment, for whoever enrols there, whose look is logged, and for its holder.

    Raises NoSuchSettlement, also where none is given out.
    """
    row = Enrolment.objects.select_related("station__parent").filter(public_id=enrolment).first()
    if row is None:
        raise NoSuchSettlement
    policy, settled = settled_of(row.policy)
    own = actor.is_subject(row.holder, Matter.BENEFITS)
    if settled.certificate is None or not (own or begins(actor, settled, row.place, row.station)):
        raise NoSuchSettlement
    if not own:
        _note(actor, "certificate.look", row, purpose="开具证明", basis=_BASIS)
    about, today = subject_of(row.holder), timezone.localdate()
    above = row.station.parent if row.station else None
    where = [place_name(row.place), above.name if above else "", row.station.name if row.station else ""]
    return CertificateView(
        row.public_id, settled.certificate, policy.name, row.number, _checks(row)[0], about.name,
        about.masked_number, "".join(where), _facts(row), sorted(row.kept.items()), row.began_on,
        row.ended_on, today.year, _left(row, today.year), cite_words(current().catalogue, settled.cite),
    )  # fmt: skip


@transaction.atomic
def check_certificate(actor: Actor, payee: str, *, number: str, check: str) -> CheckedCertificate:
    """What a certificate is good for, for a seller that is let in; each look is logged.

    Raises NoSuchSettlement: not the actor's own account with us. NotFound: in the same words whether there is
    none, the check differs, or it has ended.
    """
    seller = Payee.objects.filter(public_id=payee, ended_on=None).first()
    if seller is None or not actor.is_subject(seller.subject, Matter.BENEFITS):
        raise NoSuchSettlement
    _, settled = settled_of(seller.policy)
    if settled.certificate is None:
        raise NoSuchSettlement
    row = Enrolment.objects.filter(policy=seller.policy, number=number.strip()).first()
    typed, today = "".join(check.split()), timezone.localdate()
    good = row is not None and typed in _checks(row) and not (row.ended_on and row.ended_on < today)
    if row is None or not good:
        raise NotFound(
            f"没有这张有效的《{settled.certificate}》。",
            mend="请对照证明核对编号和校验码；换过的以新的为准。",
        )
    _note(actor, "certificate.look", row, purpose="核对购买证明", basis=_BASIS)
    name = subject_of(row.holder).name
    return CheckedCertificate(row.number, mask_name(name), _facts(row), today.year, _left(row, today.year))


def _checks(row: Enrolment) -> list[str]:
    """The check under the key of today first, then under those before."""
    told: dict[str, Any] = {
        "policy": row.policy, "number": row.number, "holder": row.holder, "facts": row.facts,
        "began_on": row.began_on.isoformat(),
    }  # fmt: skip
    found = blind_indexes(canonical_json(told).decode(), purpose=_PURPOSE)
    return [f"{int(one, 16) % 10**_DIGITS:0{_DIGITS}d}" for one in found]


def _facts(row: Enrolment) -> list[tuple[str, str]]:
    return [(name, said(value)) for name, value in row.facts.items()]


def _left(row: Enrolment, year: int) -> str:
    """What the year can still give, before what was sold and is not reported yet."""
    policy, _ = settled_of(row.policy)
    catalogue = current().catalogue
    rows = Record.objects.filter(enrolment=row, day__year=year).select_related("payee")
    records = list(rows.order_by("day", "reported_at", "id"))
    targets = targets_of(policy, catalogue, row, records, "9999-12")
    kept = [one for one in records if one.pk in targets and targets[one.pk].why not in LEFT_OUT]
    left = year_of(policy, catalogue, row, kept).left
    return "" if left is None else format_fen(left)


def _note(actor: Actor, what: str, row: Enrolment, *, purpose: str, basis: str) -> None:
    write_down(
        actor,
        f"settlement.{what}",
        stream=f"settlement:{row.public_id}",
        about=row.public_id,
        subject=row.holder,
        purpose=purpose,
        basis=basis,
    )
