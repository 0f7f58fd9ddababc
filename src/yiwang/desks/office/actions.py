# SPDX-License-Identifier: Apache-2.0
"""Which form and which command belong to a move: one table, read from what the case offers.

Whether a move is possible is decided by casework (`CaseView.actions`); here it only gets a form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yiwang.apps.casework import public as casework
from yiwang.apps.casework.public import CaseView
from yiwang.kernel.actor import Actor

from . import forms


@dataclass(frozen=True)
class Kind:
    """A form, the command it calls, and how it is said. `side`: not the usual way, folded away."""

    form: type[forms.ActionForm]
    command: Callable[..., Any]
    done: str
    side: bool = False
    danger: bool = False
    remedy: bool = False
    warning: str = ""


@dataclass(frozen=True)
class Offer:
    """A move offered on the page: its id, its words and its form."""

    id: str
    term: str
    says: str
    kind: Kind
    form: forms.ActionForm
    open: bool

    @property
    def template(self) -> str:
        """The inside of the form."""
        is_correction = isinstance(self.form, forms.CorrectionForm)
        return f"desks/office/{'_correction' if is_correction else '_fields'}.html"


_SURVEY = ("begin_survey", "end_survey")
_ONCE = "补正只能告知一次。请把要补、要改的一次写全；漏写的，以后不能再要求补正。"

KINDS: dict[str, Kind] = {
    "accept": Kind(forms.ActionForm, casework.accept, "已受理，办理期限从次日起算。"),
    "ask_correction": Kind(
        forms.CorrectionForm, casework.ask_correction, "已一次性告知补正。", side=True, warning=_ONCE
    ),
    "hand_over": Kind(forms.HandOverForm, casework.hand_over, "已转办理地。", side=True),
    "refuse_acceptance": Kind(
        forms.RefusalForm,
        casework.refuse_acceptance,
        "已作出不予受理决定。",
        side=True,
        danger=True,
        remedy=True,
    ),
    "begin_compliance_review": Kind(forms.ActionForm, casework.begin_review, "已开始合规审查。"),
    "pass_compliance": Kind(forms.OpinionForm, casework.pass_compliance, "合规审查完成，已转业务技术审核。"),
    "propose_decision": Kind(forms.OpinionForm, casework.propose, "已提出决定意见，等待审批。"),
    "propose_at_once": Kind(forms.OpinionForm, casework.propose, "已当场提出意见，等待审批。", side=True),
    "begin_special_paused": Kind(
        forms.SpecialForm, casework.begin_special, "已进入特别程序，期限中止。", side=True
    ),
    "begin_special_counted": Kind(
        forms.CountedSpecialForm, casework.begin_special, "已进入特别程序，期限照常计算。", side=True
    ),
    "end_special_paused": Kind(
        forms.OpinionForm, casework.end_special, "特别程序结束，期限自次日起继续计算。"
    ),
    "end_special_counted": Kind(forms.OpinionForm, casework.end_special, "特别程序结束。"),
    "plan_visit": Kind(forms.VisitForm, casework.plan_visit, "已安排联合踏勘，并通知了申请人。"),
    "record_finding": Kind(forms.FindingForm, casework.record_finding, "已填写踏勘意见。"),
    "send_back": Kind(forms.ReasonForm, casework.send_back, "已退回重新审核。", side=True),
    "grant": Kind(forms.GrantForm, casework.grant, "已准予，结果已生成。"),
    "refuse": Kind(
        forms.RefusalForm, casework.refuse, "已作出不予许可决定。", side=True, danger=True, remedy=True
    ),
    "extend": Kind(forms.ExtendForm, casework.extend, "已延长期限，并告知了申请人。", side=True),
    "terminate": Kind(
        forms.RefusalForm, casework.terminate, "已终止办理。", side=True, danger=True, remedy=True
    ),
}
"""Move → its form. A move that is not here (deliver, archive …) is made elsewhere or by itself."""


def offers(case: CaseView, *, posted: str = "", data: Any = None) -> list[Offer]:
    """The moves the page offers now, the usual ones first; the posted one keeps what was typed."""
    found = []
    for name, term, says in _possible(case):
        kind = KINDS[name]
        form = kind.form(case, data=data if name == posted else None, prefix=name)
        found.append(Offer(name, term, says, kind, form, name == posted or not kind.side))
    return sorted(found, key=lambda offer: (offer.kind.side, offer.kind.danger))


def _possible(case: CaseView) -> list[tuple[str, str, str]]:
    named = [(a.id, a.term, a.says) for a in case.actions if a.id in KINDS]
    if any(action.id in _SURVEY for action in case.actions) and _visit_is_due(case):
        named.append(("record_finding", "填写踏勘意见", "各部门看完现场后，各自填写意见。"))
    if case.may_plan_visit:
        named.append(("plan_visit", "安排联合踏勘", "定一个日子，相关部门一次到现场。"))
    if case.extension:
        named.append(("extend", "延长期限", "期限内不能作出决定的，经批准可以延长。"))
    return named


def _visit_is_due(case: CaseView) -> bool:
    planned = case.visit.planned_on if case.visit else None
    return planned is not None and planned <= timezone.localdate()


def perform(actor: Actor, case: CaseView, offer: Offer) -> None:
    """Make the move with what the form holds. Raises what the command raises."""
    given = offer.form.give()
    if offer.id == "plan_visit":
        assert case.visit is not None  # offered only where there is a visit
        offer.kind.command(actor, case.visit.id, **given)
    else:
        offer.kind.command(actor, case.item.id, **given, version=offer.form.cleaned_data["version"])
