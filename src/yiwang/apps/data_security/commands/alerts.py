# SPDX-License-Identifier: Apache-2.0
"""Answer an alert: harmless, for this reason; or an incident is opened from it (第二十三、二十四条)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict

from ..domain.powers import manages
from ..domain.words import AlertState
from ..models import Alert, Incident
from ..queries.seeing import NoSuchAlert, may_see_alert
from ._shared import bodies, note, refuse, required
from .incidents import NewIncident, find_incident


@transaction.atomic
def answer_harmless(actor: Actor, alert: str, *, why: str) -> None:
    """Say why what was seen is harmless.

    Raises NoSuchAlert; NotAllowed: not of the unit, or the caller themselves; Invalid: no reason;
    Conflict: answered already.
    """
    row = _locked(actor, alert)
    _answer(actor, row, AlertState.HARMLESS, required(why, "为什么没有问题", longest=500))


@transaction.atomic
def answer_incident(actor: Actor, alert: str, found: NewIncident) -> str:
    """Open an incident from an alert; its public id. `found.org` must be the alert's unit.

    Raises what `answer_harmless` and `find_incident` raise.
    """
    row = _locked(actor, alert)
    if found.org != row.org:
        raise refuse("把告警记到另一个单位名下")
    incident = find_incident(actor, found)
    row.incident = Incident.objects.get(public_id=incident)
    _answer(actor, row, AlertState.INCIDENT, "")
    return incident


def _locked(actor: Actor, alert: str) -> Alert:
    row = Alert.objects.select_for_update().filter(public_id=alert).first()
    if row is None or not may_see_alert(actor, row, bodies()):
        raise NoSuchAlert
    if not manages(actor, row.org) or row.caller == actor.id:
        raise refuse("处理这条告警：由该单位的政务数据安全管理员处理，不能处理关于自己的")
    if row.state != AlertState.OPEN.value:
        raise Conflict("这条告警已经处理过。", mend="请刷新页面查看。")
    return row


def _answer(actor: Actor, row: Alert, state: AlertState, words: str) -> None:
    row.state, row.words = state.value, words
    row.answered_at, row.answered_by = timezone.now(), actor.id
    row.save(update_fields=["state", "words", "answered_at", "answered_by", "incident"])
    detail = {"org": row.org, "kind": row.kind, "state": row.state}
    note(actor, "alert.answered", f"data-security:{row.org}", row.public_id, detail)
