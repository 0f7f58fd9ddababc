# SPDX-License-Identifier: Apache-2.0
"""Read the users that the province lists for our departments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor

from ..domain.cascading_users import UserState
from ..models import ProvincialUser
from ..requests_parts import reads_for, sees_all

_LISTED = 500


@dataclass(frozen=True)
class ProvincialUserView:
    """A user of the province. `why`: what is not as it should be."""

    user: str
    name: str
    role: str
    org_name: str
    state: UserState
    why: str
    told_at: dt.datetime

    @property
    def may_confirm(self) -> bool:
        """Whether the bureau can confirm it."""
        return self.state is UserState.PROPOSED


def provincial_users(actor: Actor) -> Sequence[ProvincialUserView]:
    """Those of the reader's departments, what needs a look first; for the bureau and auditors all."""
    rows = ProvincialUser.objects.order_by("org", "name", "id")
    if not sees_all(actor):
        rows = rows.filter(org__in=reads_for(actor))
    orgs = current().catalogue.orgs
    found = [
        ProvincialUserView(
            user=row.user,
            name=row.name,
            role=row.role,
            org_name=orgs[row.org].name if row.org in orgs else row.org_name,
            state=UserState(row.state),
            why=row.why,
            told_at=row.told_at,
        )
        for row in rows[:_LISTED]
    ]
    return sorted(found, key=lambda one: not one.why)


def province_knows(officer: str) -> str:
    """By which id the province knows an officer of ours; "" where it does not."""
    rows = ProvincialUser.objects.filter(officer=officer, state=UserState.LINKED.value)
    return rows.order_by("id").values_list("user", flat=True).first() or ""
