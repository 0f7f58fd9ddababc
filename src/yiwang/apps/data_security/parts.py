# SPDX-License-Identifier: Apache-2.0
"""Small questions that pages ask."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor

from .domain.powers import body_of, may_supervise
from .domain.settings import OPEN_AT_LEAST
from .queries.seeing import bodies_now


def may_supervise_anybody(actor: Actor) -> bool:
    """Whether the officer acts for a supervising body."""
    return bool(body_of(actor, bodies_now()))


def supervised_by(actor: Actor) -> list[str]:
    """The units that the officer may supervise, by id."""
    bodies = bodies_now()
    return [org for org in sorted(current().catalogue.orgs) if may_supervise(actor, org, bodies)]


def open_at_least() -> int:
    """How many alike there must be before data of people is opened (第十七条)."""
    return whole(current().catalogue, OPEN_AT_LEAST)
