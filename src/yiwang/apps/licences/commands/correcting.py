# SPDX-License-Identifier: Apache-2.0
"""Correct what a licence states: a misprint, a wrong date. The sealed file is made anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.history import EventKind
from ..domain.states import Standing
from ..history import content_of
from ..looks import identifier_of, in_force, seal_due
from ..models import Licence
from ..templates import template_for
from ..trials import ask_for_trial
from ._events import MOST_WORDS, Happening, locked, reason_given, require_issuer, tell


@dataclass(frozen=True)
class Correction:
    """What a licence should have stated from the beginning; what is left out stays. `until`: the last
    day of its term, None for no end; `ends` says that it is given."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    ends: bool = False
    until: dt.date | None = None


@transaction.atomic
def correct(actor: Actor, public_id: str, what: Correction, *, reason: str, basis: str = "") -> None:
    """Correct what a licence states, as it should have stated from its first day. Its version goes up,
    and if it was sealed or awaits its seal, it awaits one again; the old file then says so when checked.

    Raises:
        NotFound, NotAllowed (approvers of the issuer only).
        Invalid: no reason, nothing changed, or it would end before it begins.
        Conflict: it is revoked or replaced.
    """
    licence = locked(public_id)
    require_issuer(actor, licence)
    words = reason_given(reason)
    if Standing(licence.standing).is_final:
        raise Conflict(f"证照已“{Standing(licence.standing).term}”，不再更正。", mend="请核对证照状态。")
    before = content_of(licence)
    after = before.changed({"fields": what.fields})
    after = replace(after, valid_until=what.until) if what.ends else after
    if not before.difference(after):
        raise Invalid("更正的内容与原来相同。", mend="请填写正确的内容。")
    if after.valid_until is not None and after.valid_until < after.valid_from:
        raise Invalid("证照的有效期止于生效之前。", mend="请核对有效期。", field="until")
    licence.fields, licence.valid_until = dict(after.fields), after.valid_until
    _ask_anew(licence)
    licence.save()
    facts = {"were": before.difference(after), "now": after.difference(before)}
    happening = Happening(
        EventKind.CORRECTED, licence.valid_from, words, basis.strip()[:MOST_WORDS], facts=facts
    )
    tell(actor, licence, happening)


def _ask_anew(licence: Licence) -> None:
    """The next version, and its seal if there was or will be one."""
    opened = in_force()
    licence.version += 1
    template = template_for(licence.material, timezone.localdate())
    licence.template = template.id if template else ""
    licence.identifier = identifier_of(
        opened,
        template,
        issuer=licence.issuer,
        number=licence.number,
        version=licence.version,
    )
    if licence.seal_asked_at is not None:
        licence.seal_asked_at, licence.sealed_at = timezone.now(), None
        licence.seal_due = seal_due(opened, timezone.localdate())
        ask_for_trial(licence)
