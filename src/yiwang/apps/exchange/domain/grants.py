# SPDX-License-Identifier: Apache-2.0
"""A grant is a capability (授权): what may be asked, by whom, for what, how often, until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiwang.kernel.dates import BEIJING, format_date


@dataclass(frozen=True)
class GrantView:
    """A grant as everybody reads it. Nothing can be added to it: whoever needs more asks anew.

    `fields` are ids of information items, `plain` those of them that are shown unmasked; days are
    both included. `suspended` says why it cannot be used though nobody revoked it: the resource is
    shared no more, or has changed hands.
    """

    id: str
    resource: str
    org: str
    fields: tuple[str, ...]
    plain: frozenset[str]
    purpose: str
    basis: str
    item: str
    per_minute: int
    per_day: int
    valid_from: dt.date
    valid_until: dt.date
    cache_seconds: int
    batch: bool
    third_party: str
    revoked_at: dt.datetime | None
    provider: str = ""
    request: str = ""
    granted_at: dt.datetime | None = None
    granted_by: str = ""
    narrowed: str = ""
    secrecy_ground: str = ""
    consent: str = ""
    revoked_why: str = ""
    revoked_by: str = ""
    suspended: str = ""

    def why_not(self, at: dt.datetime) -> str:
        """Why it cannot be used at this moment (aware), in words; empty when it can."""
        day = at.astimezone(BEIJING).date()
        if self.revoked_at is not None and at >= self.revoked_at:
            return f"授权已经收回：{self.revoked_why}"
        if self.suspended:
            return self.suspended
        if day < self.valid_from:
            return f"授权自{format_date(self.valid_from)}起才能用。"
        if day > self.valid_until:
            return f"授权已于{format_date(self.valid_until)}到期。"
        return ""

    def usable(self, at: dt.datetime) -> bool:
        """Whether it can be used at this moment (aware)."""
        return not self.why_not(at)


def covers(grant: GrantView, *, fields: set[str], item: str) -> bool:
    """Whether a grant covers these fields for this item (empty: whatever it is for)."""
    return fields <= set(grant.fields) and item in ("", grant.item)
