# SPDX-License-Identifier: Apache-2.0
"""Carry lookups out: outside any transaction, several at once, each with an end.

1. Read what was agreed to; whoever withdrew meanwhile is not asked about.
2. Ask through the exchange. A provider that is dead, slow, or answers nonsense costs its own line only.
3. Read the answer (`domain/reading.py`); keep it under its consent, unless that was withdrawn meanwhile.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import subject
from yiwang.apps.journal.public import record
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import system
from yiwang.kernel.errors import NotFound, YiwangError

from ..domain.offers import Offer
from ..domain.reading import Outcome, Reading, Search, read_rows
from ..domain.settings import IN_FORCE, KEEP_HOURS, PAGE_WAIT_MILLISECONDS, listed, span
from ..models import Consent, Lookup
from ..plugs import Request, exchange, runner
from ..queries import offer_of

SYSTEM = system("共享数据查询")
_log = logging.getLogger(__name__)


def carry_out(begun: Collection[str]) -> None:
    """Ask for these lookups at once. Comes back when all are done, or after the time a page may wait;
    the others go on, and the page tells how they stand when it is opened again.

    Raises RuntimeError inside a transaction: nobody waits for a partner while holding a lock.
    """
    with transaction.atomic(durable=True):
        patience = span(current().catalogue, PAGE_WAIT_MILLISECONDS).total_seconds()
    runner()([partial(_carry_out, one) for one in begun], patience)


@dataclass(frozen=True)
class _Said:
    reading: Reading
    receipt: str = ""
    reason: str = ""


def _carry_out(public_id: str) -> None:
    row = Lookup.objects.select_related("consent").get(public_id=public_id)
    if row.outcome or row.consent.withdrawn_at is not None:
        return
    catalogue = current().catalogue
    try:
        said = _ask(catalogue, row.consent)
    except YiwangError as error:
        said = _Said(Reading(Outcome.FAILED), reason=type(error).__name__)
    except Exception as error:  # whatever a partner raises, the applicant fills in and goes on
        _log.exception("lookup %s broke off", public_id)
        said = _Said(Reading(Outcome.FAILED), reason=type(error).__name__)
    _keep(public_id, said, span(catalogue, KEEP_HOURS))


def _ask(catalogue: Catalogue, consent: Consent) -> _Said:
    """Ask and read. Raises YiwangError, and whatever a partner raises."""
    resource = resources(catalogue).get(consent.resource)
    if resource is None:
        raise NotFound("目录里没有这项数据资源了。", mend="请自己填写。")
    offer, number = offer_of(consent), subject(consent.subject).number
    said = _Said(Reading(Outcome.NOTHING))
    for key in offer.keys:
        reply = exchange().ask(_request(consent, offer, key, number), now=timezone.now())
        asked = Search(key, number, listed(catalogue, IN_FORCE), timezone.localdate())
        said = _Said(read_rows(catalogue, resource, offer, reply.rows, asked), reply.receipt)
        if said.reading.outcome is not Outcome.NOTHING:
            break
    return said


def _request(consent: Consent, offer: Offer, key: str, number: str) -> Request:
    return Request(
        grant=consent.grant,
        resource=consent.resource,
        org=consent.org,
        item=consent.item,
        keys={key: number},
        fields=offer.fields,
        purpose=consent.purpose,
        case=consent.application,
        subject=consent.subject,
        consent=consent.public_id,
    )


@transaction.atomic
def _keep(public_id: str, said: _Said, keep: dt.timedelta) -> None:
    """Write down how a lookup ended. Its first end counts; values only while the consent stands."""
    row = Lookup.objects.select_for_update(of=("self",)).select_related("consent").get(public_id=public_id)
    consent = Consent.objects.select_for_update().get(pk=row.consent.pk)
    if row.outcome:
        return
    now, reading = timezone.now(), said.reading
    row.ended_at, row.outcome = now, reading.outcome.value
    row.receipt, row.reason = said.receipt[:80], said.reason[:60]
    row.answered = _answered(reading)
    if reading.outcome is Outcome.FOUND and consent.withdrawn_at is None:
        row.values, row.expires_at = dict(reading.elements), now + keep
    row.save()
    record(
        SYSTEM,
        "shared_data.answered",
        stream=f"case:{consent.application}",
        about=row.public_id,
        subject=consent.subject,
        purpose=consent.purpose,
        basis=consent.basis[:200],
        detail={"resource": consent.resource, "outcome": row.outcome, "receipt": row.receipt},
    )


def _answered(reading: Reading) -> list[Sequence[str]]:
    return [
        *(["element", one] for one in reading.elements),
        *(["material", one] for one in reading.materials),
    ]
