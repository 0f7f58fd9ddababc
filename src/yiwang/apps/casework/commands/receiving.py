# SPDX-License-Identifier: Apache-2.0
"""Receiving: accept, ask for a correction once and in full, refuse to accept, hand over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from yiwang.engines.process.kinds import Need
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid

from ..domain.places import require_reach
from ..models import Correction, Handover, ItemCase
from ._context import Context, lock_application, lock_case
from ._moving import move
from ._settling import settle


@dataclass(frozen=True)
class Point:
    """One thing to put right: an element or material of this case, and what to do about it."""

    target: str
    what: str


@transaction.atomic
def accept(actor: Actor, case_id: str, *, version: int | None = None) -> None:
    """受理: the documents are complete; the legal clock starts (行政许可法第三十二条第一款第（五）项)."""
    context, case = lock_case(actor, case_id, version=version)
    move(context, case, "accept")


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
    _check_points(context, case, points)
    move(context, case, "ask_correction", given={Need.CORRECTIONS})
    Correction.objects.create(
        item_case=case, points=[asdict(p) for p in points], asked_at=context.now, asked_by=actor.id
    )
    name = context.definition(case).name
    context.tell_applicant(
        f"“{name}”需要补正", f"需要补正 {len(points)} 处，已一次列明。请在“我的办件”中查看并补正。"
    )


def _check_points(context: Context, case: ItemCase, points: Sequence[Point]) -> None:
    if not points:
        raise Invalid("没有写明要补正什么。", mend="请至少选一项，并写明怎么改；补正只能告知一次，请写全。")
    item = context.definition(case)
    known = {use.element for use in item.elements} | {use.material for use in item.materials}
    for point in points:
        if point.target not in known:
            raise Invalid("补正的内容不属于本事项的表单或材料。", mend="指南之外无材料：请从列表中选择。")
        if not point.what.strip():
            raise Invalid("有一处补正没有写明怎么改。", mend="请写清楚要改成什么样。")


@transaction.atomic
def supply_correction(actor: Actor, application_id: str) -> int:
    """The applicant has put everything right: every item that waits for it goes on. Returns how many."""
    context = lock_application(actor, application_id)
    waiting = list(context.application.items.filter(state="correction_asked"))
    if not waiting:
        raise Invalid("现在没有需要补正的内容。", mend="请刷新页面查看最新进度。")
    for case in waiting:
        move(context, case, "supply")
        Correction.objects.filter(item_case=case).update(supplied_at=context.now)
    return len(waiting)


@transaction.atomic
def refuse_acceptance(
    actor: Actor, case_id: str, *, reason: str, basis: str, version: int | None = None
) -> None:
    """不予受理, with reason, basis and remedy (行政许可法第三十二条第一款第（一）、（二）项)."""
    context, case = lock_case(actor, case_id, version=version)
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

    Raises Invalid when the item's reach (通办范围) does not go that far.
    """
    context, case = lock_case(actor, case_id, version=version)
    places = context.release.catalogue.places
    if to_place not in places:
        raise Invalid("没有这个办理地。", mend="请从列表中选择县区。")
    require_reach(context.definition(case), case.place, to_place)
    before = case.place
    move(context, case, "hand_over", words=words, given={Need.TARGET})
    case.place = to_place
    case.save(update_fields=["place"])
    Handover.objects.create(
        application=context.application,
        from_place=before,
        to_place=to_place,
        at=context.now,
        by=actor.id,
        words=words[:300],
    )
