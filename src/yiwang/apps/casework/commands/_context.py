# SPDX-License-Identifier: Apache-2.0
"""What every command on a case does first (lock, allow) and last (record, announce).

The application row is the lock: whoever changes any part of a case holds it, so two officers of
one case wait for each other, and officers of different cases never do.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone

from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.identity.public import may_act_for
from yiwang.apps.journal.public import for_update, read_rows, record
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.process.kinds import Role as Part
from yiwang.engines.process.kinds import TransitionDefinition
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Conflict, NotAllowed

from ..domain import settings
from ..domain.roles import CaseScope, parts_of, takes_in
from ..models import Application, ItemCase, Move
from ..queries import NoSuchCase, may_touch, release_for, scope_of


@dataclass
class Context:
    """A locked application and who works on it."""

    actor: Actor
    application: Application
    release: catalogue.OpenRelease
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The local date."""
        return timezone.localdate(self.now)

    def definition(self, case: ItemCase) -> Item:
        """The item's definition in the release of this case."""
        return self.release.catalogue.items[case.item]

    def scope(self, case: ItemCase | None = None) -> CaseScope:
        """Whose case it is and who handles it."""
        return scope_of(self.application, case)

    def note(self, action: str, *, about: str = "", detail: dict[str, Any] | None = None) -> None:
        """One journal entry in the chain of this application."""
        record(
            self.actor,
            action,
            stream=f"case:{self.application.public_id}",
            about=about or self.application.public_id,
            subject=self.application.subject,
            detail=detail,
        )

    def remedy(self) -> str:
        """What somebody may do against a refusal, as the definitions say (`settings/remedy`)."""
        return str(settings.setting(self.release.catalogue, settings.REMEDY))

    def tell_applicant(self, title: str, body: str) -> None:
        """A letter to whoever handles the application for the applicant; to the applicant when that
        person may not act for them any more."""
        to = self.application.agent if self.agent_may_act else self.application.subject
        notify(to, title[:100], body, about=self.application.public_id)

    @cached_property
    def agent_may_act(self) -> bool:
        """Whether the one who handles the application may act for the applicant today."""
        agent, subject = self.application.agent, self.application.subject
        if self.actor.id == agent:
            return self.actor.is_subject(subject, Matter.APPLICATIONS)  # read anew with each request
        return may_act_for(agent, subject, Matter.APPLICATIONS)

    def require_part(self, *parts: Part) -> None:
        """Raise NotAllowed unless the actor has one of these parts in the application as a whole."""
        if not parts_of(self.actor, self.scope()) & {*parts, Part.SYSTEM}:
            raise NotAllowed("这一步由申请人或者收件窗口办理。", mend="请由申请人登录办理，或转收件窗口。")


def lock_application(actor: Actor, public_id: str, *, now: dt.datetime | None = None) -> Context:
    """Lock an application. Raises NotFound, also for those who may not know of it."""
    rows = read_rows(Application, f"WHERE public_id = %s {for_update()}", [public_id])
    if not rows or not may_touch(actor, rows[0]):
        raise NoSuchCase
    return Context(actor, rows[0], release_for(rows[0]), now or timezone.now())


def lock_case(
    actor: Actor, public_id: str, *, version: int | None = None, now: dt.datetime | None = None
) -> tuple[Context, ItemCase]:
    """Lock an item case through its application.

    Args:
        version: the version the actor's page showed; None skips the check (system, API retries).
        now: the time it is; the timers' own when they run.

    Raises:
        NotFound: there is none, or the actor has no part in it.
        Conflict: somebody changed it since the page was shown.
    """
    found = (
        ItemCase.objects.filter(public_id=public_id).values_list("application__public_id", flat=True).first()
    )
    if found is None:
        raise NoSuchCase
    context = lock_application(actor, found, now=now)
    case = ItemCase.objects.get(public_id=public_id)
    if not parts_of(actor, context.scope(case)):
        raise NoSuchCase
    if version is not None and version != case.version:
        people = case.moves.exclude(actor__startswith="system:")  # what follows by itself is nobody's doing
        last = people.order_by("-id").first()
        who = f"{last.actor_name}刚刚已经办理（{_term(context, last)}）" if last else "刚刚有变动"
        raise Conflict(f"这个办件{who}，您看到的页面已经过时。", mend="请刷新页面，看清最新状态后再办。")
    return context, case


def _term(context: Context, move: Move) -> str:
    return context.release.machine.transition(move.transition).term


def act_as(context: Context, case: ItemCase, transition: TransitionDefinition) -> Part:
    """The role in which the actor makes this move. Raises NotAllowed."""
    parts = parts_of(context.actor, context.scope(case))
    for part in transition.who:
        if part in parts:
            return part
    raise NotAllowed(f"您不能办理“{transition.term}”。", mend="请转给有权限的工作人员办理。")


def require_takes_in(context: Context, case: ItemCase) -> None:
    """Raise NotAllowed unless the actor takes papers in where the case lies."""
    if not takes_in(context.actor, context.scope(case)):
        place = context.release.catalogue.places[case.place].name
        raise NotAllowed(f"这个办件现在由{place}受理。", mend="请由办理地处理；您可以继续查看进度。")
