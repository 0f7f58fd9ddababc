# SPDX-License-Identifier: Apache-2.0
"""What the commands share: the supervising bodies in force, journal entries, letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

from ..domain.powers import Bodies, guards, is_bureau
from ..domain.settings import bodies_of
from ..models import Administrator


def bodies() -> Bodies:
    """The supervising bodies as the release in force names them."""
    return Bodies(*bodies_of(current().catalogue))


def name_of(org: str) -> str:
    """What a unit is called."""
    known = current().catalogue.orgs.get(org)
    return known.short_name if known else org


def require_unit(org: str) -> None:
    """Raise NotFound unless the release in force knows the unit."""
    if org not in current().catalogue.orgs:
        raise NotFound("没有这个单位。", mend="请从列表中选择。")


def required(text: str, label: str, *, field: str = "words", longest: int = 2000) -> str:
    """What was written. Raises Invalid when it is nothing, or too long."""
    text = text.strip()
    if not text:
        raise Invalid(f"请填写{label}。", mend="写清楚后再提交。", field=field)
    if len(text) > longest:
        raise Invalid(f"{label}太长。", mend=f"请控制在{longest}字以内。", field=field)
    return text


def note(actor: Actor, what: str, stream: str, about: str, detail: Mapping[str, Any]) -> None:
    """One journal entry of this room."""
    record(actor, f"data_security.{what}", stream=stream, about=about, detail=detail)


def administrators_of(org: str) -> list[str]:
    """The officers to whom a unit's matters are told: its administrator; without one, whoever acts for it."""
    chosen = Administrator.objects.filter(org=org, ended_at=None).values_list("officer", flat=True)
    if chosen:
        return list(chosen)
    found = [one.id for one in officers_of(org, None, Role.SECURITY) if guards(one, org)]
    return found or [
        one.id
        for one in officers_of(org, None, Role.DATA, Role.APPROVER)
        if any(post.org == org for post in one.posts)
    ]


def bureau_officers() -> list[str]:
    """The officers of the data bureau."""
    return [one.id for one in officers_of("", None, Role.DATA) if is_bureau(one)]


def tell(to: Iterable[str], title: str, body: str, *, about: str, but: Actor | None = None) -> None:
    """A letter to each, but not to whoever did it."""
    for officer in dict.fromkeys(to):
        if but is None or officer != but.id:
            notify(officer, title, body, about=about)


def refuse(what: str) -> NotAllowed:
    """Somebody may not do this."""
    return NotAllowed(f"您不能{what}。", mend="请由有权限的人员登录后办理。")
