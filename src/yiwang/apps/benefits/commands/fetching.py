# SPDX-License-Identifier: Apache-2.0
"""Facts for matching fetched by themselves: where a department holds a grant, a delivery is asked for in
the rhythm of the resource, and taken when it is there.

The grant is the authority: it names the purpose, is for batches, and is in force. The house acts as the
department's data officer under a name of its own, so that every entry in the journal says who it was.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.engines.benefits.source_kinds import FactSource, sources_of
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Mask, Resource, resources
from yiwang.engines.exchange.words import Cycle
from yiwang.engines.rules import names, parse
from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.errors import YiwangError

from ..domain.settings import IRREGULAR_DAYS
from ..models import Extract
from .extracts import take_extract

_AGAIN = dt.timedelta(days=1)  # after a delivery that failed or that nobody could use
log = logging.getLogger(__name__)


def fetcher(org: str) -> Actor:
    """The house, acting for a department's data officers on schedule; no person."""
    name = "免申即享比对（按期自动取）"
    return Actor(ActorKind.OFFICER, "system:免申即享比对", name, (Post(Role.DATA, org),))


def fetch_due(now: dt.datetime | None = None) -> int:
    """Take the deliveries that are ready and ask for those that are due; how many. The worker calls it, one
    at a time; what goes wrong with one source is logged and leaves the others alone."""
    moment, done = now or timezone.now(), 0
    for source in sources_of(current().catalogue):
        if source.resource is None or source.org is None:
            continue
        try:
            done += _fetch(source, moment)
        except YiwangError as error:
            log.warning("facts for matching, source %s: %s", source.id, error.message)
    return done


def _fetch(source: FactSource, now: dt.datetime) -> bool:
    assert source.org is not None  # the caller has looked
    grant = _grant(source, now)
    if grant is None:
        return False
    actor = fetcher(source.org)
    made = [one for one in gateway.batches(actor) if one.grant == grant.id]
    made = [one for one in made if one.form is gateway.Form.PARQUET]
    newest = Extract.objects.filter(source=source.id, grant=grant.id).order_by("-made_on").first()
    ready = [one for one in made if one.state is gateway.BatchState.READY and one.ready_at]
    if ready and not Extract.objects.filter(source=source.id, batch=ready[0].id).exists():
        take_extract(actor, ready[0].id, source.id)
        return True
    if any(one.asked_at > now - _AGAIN for one in made) or _is_fresh(source, newest, now):
        return False
    fields = _fields(source, grant)
    if not fields:
        return False
    gateway.ask_batch(actor, gateway.NewBatch(grant.id, gateway.Form.PARQUET, fields))
    return True


def _grant(source: FactSource, now: dt.datetime) -> exchange.GrantView | None:
    """The grant under which a source may be read whole, for its purpose."""
    held: Iterable[exchange.GrantView] = exchange.grants_of(source.org or "")
    return next(
        (
            one
            for one in held
            if one.resource == source.resource
            and one.batch
            and one.usable(now)
            and source.purpose
            and source.purpose in one.purpose
        ),
        None,
    )


def _is_fresh(source: FactSource, newest: Extract | None, now: dt.datetime) -> bool:
    if newest is None or newest.made_on is None:
        return False
    catalogue = current().catalogue
    cycle = _resource(source).cycle
    name = f"quality-cycle-days-{cycle.value.replace('_', '-')}"
    days = whole(catalogue, IRREGULAR_DAYS if cycle is Cycle.IRREGULAR else name)
    return (timezone.localdate(now) - newest.made_on).days < days


def _fields(source: FactSource, grant: exchange.GrantView) -> tuple[str, ...]:
    """No more than whose record it is and what the rule reads; empty: the grant does not hold that, plain."""
    wanted, items = set(names(parse(source.rule, source=source.id))), _resource(source).fields
    key = next((one for one in items if one.subject_id), None)
    if key is None or key.id not in grant.fields or (key.mask is not Mask.NONE and key.id not in grant.plain):
        return ()
    read = [one.id for one in items if one.name in wanted]
    return (key.id, *read) if set(read) <= set(grant.fields) else ()


def _resource(source: FactSource) -> Resource:
    return resources(current().catalogue)[source.resource or ""]
