# SPDX-License-Identifier: Apache-2.0
"""Handling: reviews, special procedures, joint site visits, extensions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from yiwang.engines.definitions.kinds.items import StepKind
from yiwang.engines.process.kinds import Need, Role
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, Invalid, NotFound

from ..deadlines import special_until
from ..domain.roles import parts_of
from ..models import Finding, ItemCase, Visit
from ..queries import scope_of
from ._context import Context, act_as, lock_case
from ._moving import extend_clock, move


@transaction.atomic
def begin_review(actor: Actor, case_id: str, *, version: int | None = None) -> None:
    """开始合规审查."""
    context, case = lock_case(actor, case_id, version=version)
    move(context, case, "begin_compliance_review")


@transaction.atomic
def pass_compliance(actor: Actor, case_id: str, *, opinion: str, version: int | None = None) -> None:
    """合规审查完成, on to the technical review (合规审查 and 业务技术审核 are two steps: L685)."""
    context, case = lock_case(actor, case_id, version=version)
    move(context, case, "pass_compliance", words=opinion, given=_with(Need.OPINION, opinion))


@transaction.atomic
def propose(actor: Actor, case_id: str, *, opinion: str, version: int | None = None) -> None:
    """Propose a decision. An item that needs a site visit needs its finding first.

    Raises Conflict when the visit has not been made.
    """
    context, case = lock_case(actor, case_id, version=version)
    if needs_visit(context, case) and not Finding.objects.filter(item_case=case, at__isnull=False).exists():
        raise Conflict("这个事项要先踏勘现场。", mend="请安排联合踏勘并填写踏勘意见，再提出决定意见。")
    transition = "propose_at_once" if case.state == "accepted" else "propose_decision"
    move(context, case, transition, words=opinion, given=_with(Need.OPINION, opinion))


@transaction.atomic
def begin_special(actor: Actor, case_id: str, *, step: str, basis: str, version: int | None = None) -> None:
    """Begin a special procedure (特殊环节) of this item: the clock stops if the law lets it.

    Raises Invalid for a step that is not in the item's list (流程之外无环节).
    """
    context, case = lock_case(actor, case_id, version=version)
    kinds = context.release.clocks.steps
    listed = {s.kind.value for s in context.definition(case).steps} - {StepKind.SITE_SURVEY.value}
    if step not in listed or step not in kinds:
        raise Invalid("这个特殊环节不在本事项的流程中。", mend="流程之外无环节：请从列表中选择。")
    stops, term = kinds[step].stops_clock, kinds[step].term
    transition = "begin_special_paused" if stops else "begin_special_counted"
    given = {Need.SPECIAL_STEP} | _with(Need.BASIS, basis)
    move(context, case, transition, words=basis, given=given, step=step)
    counted = "所需时间依法不计入办理期限" if stops else "所需时间计入办理期限"
    until = special_until(case, context.release)
    lasts = f"最迟到{format_date(until)}" if until else "时间另行告知"
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”进入{term}", f"正在进行{term}，{lasts}；{counted}。")


@transaction.atomic
def end_special(actor: Actor, case_id: str, *, opinion: str, version: int | None = None) -> None:
    """The special procedure has its outcome; a stopped clock runs on from the next day."""
    context, case = lock_case(actor, case_id, version=version)
    transition = "end_special_paused" if case.state == "special_paused" else "end_special_counted"
    move(context, case, transition, words=opinion, given=_with(Need.OPINION, opinion))


@transaction.atomic
def extend(actor: Actor, case_id: str, *, days: Decimal, reason: str, version: int | None = None) -> None:
    """延长期限, by an approver, with the reason told to the applicant (行政许可法第四十二条). Only the
    limit of a licence (行政许可) can be extended.

    Raises ClockError beyond what the law allows, NotAllowed for others.
    """
    context, case = lock_case(actor, case_id, version=version)
    act_as(context, case, context.release.machine.transition("grant"))  # whoever may decide
    if not reason.strip():
        raise Invalid("延长期限要写明理由。", mend="理由会告知申请人。", field="reason")
    if not days.is_finite() or days <= 0:
        raise Invalid("延长的天数不对。", mend="请写大于0的天数，例如 10。", field="days")
    extend_clock(context, case, days, reason)
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”延长办理期限", f"延长 {days} 个工作日，理由：{reason}。")


def needs_visit(context: Context, case: ItemCase) -> bool:
    """Whether the plan of this application has a site visit for the item."""
    return Finding.objects.filter(item_case=case).exists()


@transaction.atomic
def plan_visit(actor: Actor, visit_id: str, *, on: dt.date) -> None:
    """Set the day of a site visit for every department that goes (联合踏勘).

    Raises NotFound, NotAllowed, Invalid (a day before today), Conflict (already made).
    """
    visit = Visit.objects.filter(public_id=visit_id).select_related("application").first()
    if visit is None:
        raise NotFound("没有这次踏勘。", mend="请刷新页面。")
    cases = [f.item_case for f in visit.findings.select_related("item_case").order_by("id")]
    mine = _mine(actor, cases)
    context, _ = lock_case(actor, mine.public_id)
    visit.refresh_from_db()
    if visit.done_on:
        raise Conflict("这次踏勘已经完成。", mend="请刷新页面。")
    if on < context.today:
        raise Invalid("踏勘日期不能早于今天。", mend="请重新选择日期。")
    visit.planned_on, visit.planned_by = on, actor.id
    visit.save(update_fields=["planned_on", "planned_by"])
    departments = "、".join(dict.fromkeys(context.release.catalogue.orgs[c.org].name for c in cases))
    context.note("visit.planned", about=visit.public_id, detail={"on": on.isoformat()})
    context.tell_applicant("现场踏勘已安排", f"{format_date(on)}，{departments}一次到现场，请有人在场。")


@transaction.atomic
def record_finding(
    actor: Actor, case_id: str, *, passed: bool, words: str, version: int | None = None
) -> None:
    """What one department found on the visit; the visit is done when the last one is in."""
    context, case = lock_case(actor, case_id, version=version)
    finding = Finding.objects.select_related("visit").filter(item_case=case).first()
    if finding is None:
        raise Invalid("这个事项没有现场踏勘。", mend="流程之外无环节。")
    if finding.visit.planned_on is None or finding.visit.planned_on > context.today:
        raise Conflict("踏勘还没有到约定的日子。", mend="请先安排踏勘日期，或到当天再填写。")
    if case.state != "joint_survey":
        move(context, case, "begin_survey")
    move(context, case, "end_survey", words=words, given=_with(Need.OPINION, words))
    finding.passed, finding.words, finding.by, finding.at = passed, words, actor.id, context.now
    finding.save()
    if not finding.visit.findings.filter(at__isnull=True, item_case__open=True).exists():
        finding.visit.done_on = context.today
        finding.visit.save(update_fields=["done_on"])


def _mine(actor: Actor, cases: list[ItemCase]) -> ItemCase:
    for case in cases:
        if parts_of(actor, scope_of(case.application, case)) - {Role.APPLICANT, Role.RECEIVER}:
            return case
    raise NotFound("没有这次踏勘，或者您不参加。", mend="请由参加踏勘的部门安排。")


def _with(need: Need, words: str) -> set[Need]:
    return {need} if words.strip() else set()
