# SPDX-License-Identifier: Apache-2.0
"""Receiving: accept, ask for a correction once and in full, refuse to accept, hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from yiwang.engines.planning.conditions import Judge
from yiwang.engines.process.kinds import Need
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict, Invalid

from ..deadlines import correction_until
from ..domain.places import handles, must_be_handed_over, require_reach
from ..domain.values import from_json
from ..models import Application, Correction, Handover, ItemCase
from ._completeness import NotComplete, corrections_left
from ._context import Context, lock_application, lock_case, require_takes_in
from ._documents import keep_files, start_promises
from ._moving import move
from ._settling import settle


@dataclass(frozen=True)
class Point:
    """One thing to put right: an element or material of this case, and what to do about it."""

    target: str
    what: str


@transaction.atomic
def accept(actor: Actor, case_id: str, *, version: int | None = None) -> None:
    """受理: the documents are complete; the legal clock starts (行政许可法第三十二条第一款第（五）项).

    Raises Conflict while the case lies with a counter that only receives: the handling place decides.
    """
    context, case = lock_case(actor, case_id, version=version)
    _require_handling_place(context, case)
    move(context, case, "accept")
    start_promises(context)


@transaction.atomic
def ask_correction(
    actor: Actor, case_id: str, points: Sequence[Point], *, version: int | None = None
) -> None:
    """一次性补正: say everything that is missing, once (行政许可法第三十二条第一款第（四）项).

    Raises:
        Invalid: no points, an empty one, or one that names nothing of this case.
        IllegalMove: it was asked before.
    """
    context, case = lock_case(actor, case_id, version=version)
    require_takes_in(context, case)
    _check_points(context, case, points)
    move(context, case, "ask_correction", given={Need.CORRECTIONS})
    correction = Correction.objects.create(
        item_case=case, points=[asdict(p) for p in points], asked_at=context.now, asked_by=actor.id
    )
    name = context.definition(case).name
    until = format_date(correction_until(correction, context.release))
    context.tell_applicant(
        f"“{name}”需要补正",
        f"需要补正 {len(points)} 处，已一次列明，请在{until}前补正。请在“我的办件”中查看并补正。",
    )


def _check_points(context: Context, case: ItemCase, points: Sequence[Point]) -> None:
    """Only what this item asks for in this case can be asked for again (指南之外无材料)."""
    if not points:
        raise Invalid("没有写明要补正什么。", mend="请至少选一项，并写明怎么改；补正只能告知一次，请写全。")
    item, application = context.definition(case), context.application
    judge = Judge(
        context.release.catalogue,
        from_json(context.release.catalogue, {**application.answers, **application.form}),
    )
    listed = set(application.documents.values_list("material", flat=True))
    known = {use.element for use in item.elements if judge.holds(use.when) is not False}
    known |= {use.material for use in item.materials} & listed
    for point in points:
        if point.target not in known:
            raise Invalid("补正的内容不属于本事项的表单或材料。", mend="指南之外无材料：请从列表中选择。")
        if not point.what.strip():
            raise Invalid("有一处补正没有写明怎么改。", mend="请写清楚要改成什么样。")


@transaction.atomic
def supply_correction(actor: Actor, application_id: str) -> int:
    """The applicant has put everything right: every item that waits for it goes on. Returns how many.

    Raises:
        Invalid: nothing is asked for.
        NotComplete: something asked for is still missing, or what was typed cannot be read.
    """
    context = lock_application(actor, application_id)
    context.require_part(Part.APPLICANT, Part.RECEIVER)
    waiting = list(context.application.items.filter(state="correction_asked").select_related("correction"))
    if not waiting:
        raise Invalid("现在没有需要补正的内容。", mend="请刷新页面查看最新进度。")
    targets = {point["target"] for case in waiting for point in case.correction.points}
    if problems := corrections_left(context.application, context.release, targets):
        raise NotComplete(problems)
    for case in waiting:
        move(context, case, "supply")
        Correction.objects.filter(item_case=case).update(supplied_at=context.now)
    keep_files(context, context.application.documents.all())
    return len(waiting)


@transaction.atomic
def refuse_acceptance(
    actor: Actor, case_id: str, *, reason: str, basis: str, version: int | None = None
) -> None:
    """不予受理, with reason, basis and remedy (行政许可法第三十二条第一款第（一）、（二）项)."""
    context, case = lock_case(actor, case_id, version=version)
    _require_handling_place(context, case)
    given = {need for need, words in ((Need.REASON, reason), (Need.BASIS, basis)) if words.strip()}
    move(context, case, "refuse_acceptance", words=f"{reason}（依据：{basis}）", given=given | {Need.REMEDY})
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”不予受理", f"理由：{reason}。依据：{basis}。{context.remedy()}")
    settle(context, case)


@transaction.atomic
def hand_over(
    actor: Actor, case_id: str, *, to_place: str, words: str = "", version: int | None = None
) -> None:
    """收件地 → 办理地 (全豫通办、跨省通办): the handling place decides on acceptance.

    Raises Invalid for a place without a service centre, or beyond the item's reach (通办范围).
    """
    context, case = lock_case(actor, case_id, version=version)
    require_takes_in(context, case)
    places = context.release.catalogue.places
    if not handles(places.get(to_place)) or to_place == case.place:
        raise Invalid("不能转到这个地方。", mend="请从列表中选择办理地。", field="to_place")
    require_reach(context.definition(case), case.place, to_place, places)
    move(context, case, "hand_over", words=words, given={Need.TARGET})
    carry_over(context, case, to_place, words)


def carry_over(context: Context, case: ItemCase, to_place: str, words: str) -> None:
    """The case lies in another place from now on; what was handed over, by whom and when is kept."""
    before, case.place = case.place, to_place
    case.save(update_fields=["place"])
    Handover.objects.create(
        application=context.application,
        from_place=before,
        to_place=to_place,
        at=context.now,
        by=context.actor.id,
        words=words[:300],
    )
    context.note("item.handed_over", about=case.public_id, detail={"from": before, "to": to_place})


def _require_handling_place(context: Context, case: ItemCase) -> None:
    require_takes_in(context, case)
    if lies_elsewhere(context.application, case):
        place = context.release.catalogue.places[context.application.handling_place].name
        raise Conflict(f"这个办件要由{place}决定是否受理。", mend="请先核对材料，再转办理地。")


def lies_elsewhere(application: Application, case: ItemCase) -> bool:
    """Whether the case still lies with the counter that received it and is handled in another place."""
    return must_be_handed_over(
        case.place, receiving=application.receiving_place, handling=application.handling_place
    )
