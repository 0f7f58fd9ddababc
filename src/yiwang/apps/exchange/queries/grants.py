# SPDX-License-Identifier: Apache-2.0
"""Read grants: one, the one that fits a need, a department's, as its page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import Resource, ResourceField, resources
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import BEIJING

from ..domain.grants import GrantView
from ..models import Grant
from ..parts import data_orgs, is_bureau
from ..requests_parts import NoSuchGrant, may_read, reads_for, sees_all
from ..requests_rows import grant_view


def grant(public_id: str) -> GrantView:
    """The grant, for the rooms above: they decide who may use it. Raises NotFound."""
    row = _all().filter(public_id=public_id).first()
    if row is None:
        raise NoSuchGrant
    return grant_view(row, resources(current().catalogue))


def active_grant(*, resource: str, org: str, item: str = "", at: dt.datetime) -> GrantView | None:
    """The grant by which a department may use a resource at a moment (aware), or None.

    Args:
        item: the item it is for: only a grant for this very item will do. Empty: any grant, one that
            is for no item first.
    """
    day = at.astimezone(BEIJING).date()
    rows = _all().filter(org=org, resource=resource, valid_from__lte=day, valid_until__gte=day)
    if item:
        rows = rows.filter(item=item)
    known = resources(current().catalogue)
    views = (grant_view(row, known) for row in rows.order_by("item", "-valid_until", "-id"))
    return next((view for view in views if view.usable(at)), None)


def grants_of(*orgs: str) -> list[GrantView]:
    """All grants that departments were given, newest first: those that ended too."""
    known = resources(current().catalogue)
    return [grant_view(row, known) for row in _all().filter(org__in=orgs).order_by("-id")]


def still_granted(public_ids: Collection[str]) -> set[str]:
    """Those of these grants that nobody revoked: asked in the transaction that writes a call."""
    asked = sorted(public_ids)
    marks = ", ".join(["%s"] * len(asked)) or "NULL"
    with connection.cursor() as cursor:  # every call asks this: without the cost of building a query
        cursor.execute(still_granted_sql(marks), asked)
        return {str(public_id) for (public_id,) in cursor.fetchall()}


def still_granted_sql(among: str) -> str:
    """The statement of `still_granted`; `among`: SQL for a list or query of public ids, never a value."""
    return (
        f'SELECT public_id FROM "{Grant._meta.db_table}"'  # noqa: S608 - our table
        f" WHERE revoked_at IS NULL AND public_id IN ({among})"
    )


def _all() -> Any:
    return Grant.objects.select_related("request", "consent")


@dataclass(frozen=True)
class GrantRow:
    """A grant as a page shows it. `why_not`: why it cannot be used now; empty when it can."""

    grant: GrantView
    known: Resource | None
    resource_name: str
    org_name: str
    provider_name: str
    item_name: str
    why_not: str
    ends_soon: bool
    may_revoke: bool

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The items that were granted: name, and how it looks."""
        named = {one.id: one for one in self.known.fields} if self.known else {}
        return [
            (named[one].name if one in named else one, self._look(one, named)) for one in self.grant.fields
        ]

    def _look(self, one: str, named: Mapping[str, ResourceField]) -> str:
        if one not in named:
            return "目录里已经没有"
        return "原值" if one in self.grant.plain else named[one].mask.term


def grant_row(actor: Actor, public_id: str) -> GrantRow:
    """One grant, for both departments, the bureau and auditors. Raises NoSuchGrant."""
    row = _all().filter(public_id=public_id).first()
    if row is None or not may_read(actor, row.org, row.provider):
        raise NoSuchGrant
    return _row(actor, row)


def received(actor: Actor) -> list[GrantRow]:
    """What the reader's departments were given; for the bureau and auditors all."""
    rows = _all().order_by("-id")
    if not sees_all(actor):
        rows = rows.filter(org__in=reads_for(actor))
    return [_row(actor, row) for row in rows[:_LISTED]]


def given(actor: Actor) -> list[GrantRow]:
    """What the reader's departments gave."""
    rows = _all().filter(provider__in=reads_for(actor)).order_by("-id")
    return [_row(actor, row) for row in rows[:_LISTED]]


_LISTED = 500


def _row(actor: Actor, row: Grant) -> GrantRow:
    opened, now = current(), timezone.now()
    catalogue = opened.catalogue
    known = resources(catalogue)
    view = grant_view(row, known)
    found, item = known.get(row.resource), catalogue.items.get(row.item)
    org, provider = catalogue.orgs.get(row.org), catalogue.orgs.get(row.provider)
    why_not = view.why_not(now)
    open_ = row.revoked_at is None
    return GrantRow(
        grant=view,
        known=found,
        resource_name=found.name if found else row.resource,
        org_name=org.name if org else row.org,
        provider_name=provider.name if provider else row.provider,
        item_name=item.name if item else row.item,
        why_not=why_not,
        ends_soon=not why_not and row.reminded_at is not None,
        may_revoke=open_ and (is_bureau(actor) or row.provider in data_orgs(actor)),
    )
