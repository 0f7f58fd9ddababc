# SPDX-License-Identifier: Apache-2.0
"""Who sees which incident, alert and case: one's own unit's, or all for supervising bodies and auditors."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound

from ..domain.powers import Bodies, manages, sees_all
from ..domain.settings import bodies_of
from ..models import Alert, Incident, SupervisionCase


class NoSuchIncident(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这起事件，或者您无权查看。", mend="请回到列表，从中选择。")


class NoSuchAlert(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这条告警，或者您无权查看。", mend="请回到列表，从中选择。")


class NoSuchCase(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这起监管事项，或者您无权查看。", mend="请回到列表，从中选择。")


def bodies_now() -> Bodies:
    """The supervising bodies as the release in force names them."""
    return Bodies(*bodies_of(current().catalogue))


def may_see(actor: Actor, row: Incident, bodies: Bodies) -> bool:
    """Whether the actor may know of an incident: who manages the unit, who found it, who sees all."""
    return manages(actor, row.org) or row.found_by == actor.id or sees_all(actor, bodies)


def may_see_alert(actor: Actor, row: Alert, bodies: Bodies) -> bool:
    """Whether the actor may know of an alert; nobody reads one about themselves before it is answered."""
    if row.caller == actor.id and row.state == "open":
        return False
    return manages(actor, row.org) or sees_all(actor, bodies)


def may_see_case(actor: Actor, row: SupervisionCase, bodies: Bodies) -> bool:
    """Whether the actor may know of a supervision case."""
    return manages(actor, row.org) or sees_all(actor, bodies)
