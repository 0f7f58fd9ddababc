# SPDX-License-Identifier: Apache-2.0
"""Read census drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor

from ..domain.census import CensusState
from ..models import CensusEntry
from ..parts import data_orgs, is_bureau


@dataclass(frozen=True)
class EntryView:
    """A draft; `in_catalogue`: a published release has it by now."""

    id: str
    org: str
    org_name: str
    name: str
    state: CensusState
    draft: Mapping[str, Any]
    resource: str
    words: str
    version: int
    changed_at: dt.datetime
    in_catalogue: bool


def entries(actor: Actor) -> list[EntryView]:
    """The drafts the actor may read: those of their departments, all for the bureau; newest first."""
    rows = CensusEntry.objects.order_by("-changed_at", "-id")
    if not is_bureau(actor):
        rows = rows.filter(org__in=data_orgs(actor))
    return [_view(row) for row in rows[:500]]


def entry(actor: Actor, identity: str) -> EntryView | None:
    """One draft; None when there is none the actor may read."""
    row = CensusEntry.objects.filter(public_id=identity).first()
    if row is None or not (is_bureau(actor) or row.org in data_orgs(actor)):
        return None
    return _view(row)


def _view(row: CensusEntry) -> EntryView:
    catalogue = current().catalogue
    org = catalogue.orgs.get(row.org)
    return EntryView(
        id=row.public_id,
        org=row.org,
        org_name=org.name if org else row.org,
        name=str(row.draft.get("name") or "（还没有名称）"),
        state=CensusState(row.state),
        draft=row.draft,
        resource=row.resource,
        words=row.words,
        version=row.version,
        changed_at=row.changed_at,
        in_catalogue=bool(row.resource) and row.resource in resources(catalogue),
    )
