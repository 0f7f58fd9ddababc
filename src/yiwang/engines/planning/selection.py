# SPDX-License-Identifier: Apache-2.0
"""Which items of a life event are taken, and why: answers decide, then the applicant chooses.

Three-valued: an item whose condition the answers do not decide yet is kept and marked, with the
questions that would decide. Facts take no part: knowing more about somebody never adds an item.
The applicant may take all or part, except what the law binds together (“除法律法规规定应当并行办理的
事项外，可自主选择全部或部分事项”).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import Citation, Item, LifeEvent
from yiwang.engines.definitions.kinds.life_events import Member
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Invalid

from .conditions import Judge, Verdict
from .errors import BoundItems, NotEligible, Refusal
from .model import OpenCondition, PlannedItem


@dataclass(frozen=True)
class _Look:
    """A member with its item and what the answers say of it."""

    member: Member
    item: Item
    verdict: Verdict
    in_force: bool

    @property
    def applies(self) -> bool:
        """Whether it applies, or may apply as far as the answers say."""
        return self.in_force and self.verdict.value is not False


def check_eligibility(event: LifeEvent, judge: Judge, start: dt.date) -> tuple[OpenCondition, ...]:
    """The conditions of the whole life event, as they stand on the day it starts, that are still open.

    Raises NotEligible when one is not met, with the clause and what to do instead.
    """
    refusals: list[Refusal] = []
    open_conditions: list[OpenCondition] = []
    for condition in event.eligibility:
        if condition.since is not None and start < condition.since:
            continue
        verdict = judge.judge(condition.when)
        if verdict.value is False:
            refusals.append(Refusal(condition.refusal, condition.cite, verdict.because))
        elif verdict.value is None:
            open_conditions.append(OpenCondition(verdict.says, condition.cite, verdict.missing))
    if refusals:
        raise NotEligible(event.name, tuple(refusals))
    return tuple(open_conditions)


def select(
    catalogue: Catalogue,
    event: LifeEvent,
    judge: Judge,
    *,
    choice: Collection[str] | None,
    start: dt.date,
) -> tuple[PlannedItem, ...]:
    """Every member of the life event, taken or not, with the reason and its source.

    Raises Invalid for a chosen item that is not part of the life event or when nothing is left
    to do, BoundItems when the choice cuts through what the law binds together.
    """
    looks = {member.item: _look(catalogue, member, judge, start) for member in event.items}
    groups = bound_groups(event.items)
    taken = _taken(catalogue, event, looks, groups, choice)
    if not taken:
        raise Invalid(
            f"按现在的回答和选择，“{event.name}”没有要办的事项。",
            mend="请核对回答，或至少选择一个事项。",
            field="choice",
        )
    chosen = None if choice is None else frozenset(choice)
    return tuple(_describe(catalogue, code, looks, groups, taken, chosen) for code in looks)


def _look(catalogue: Catalogue, member: Member, judge: Judge, start: dt.date) -> _Look:
    item = catalogue.items.get(member.item)
    if item is None:
        raise Invalid(
            f"一件事里的事项“{member.item}”没有定义。", mend="请先运行 yiwang definitions check 并改正。"
        )
    return _Look(member, item, judge.judge(member.when), item.valid_on(start))


def bound_groups(members: Sequence[Member]) -> dict[str, frozenset[str]]:
    """Item → all items the law binds it with (itself too), in whichever member that is written."""
    groups = {member.item: frozenset([member.item]) for member in members}
    for member in members:
        for other in member.bound_with:
            merged = groups[member.item] | groups[other]
            groups.update(dict.fromkeys(merged, merged))
    return groups


def _taken(
    catalogue: Catalogue,
    event: LifeEvent,
    looks: dict[str, _Look],
    groups: dict[str, frozenset[str]],
    choice: Collection[str] | None,
) -> frozenset[str]:
    if choice is None:
        wanted: Iterable[str] = (
            other
            for member in event.items
            if not member.optional and looks[member.item].applies
            for other in groups[member.item]
        )
        return frozenset(one for one in wanted if looks[one].applies)
    for one in choice:
        if one not in looks:
            raise Invalid(
                f"“{event.name}”里没有事项“{one}”。",
                mend="可选的事项："
                + "、".join(f"{look.item.name}（{code}）" for code, look in looks.items()),
                field="choice",
            )
    taken = frozenset(one for one in choice if looks[one].applies)
    for member in event.items:
        if member.item in taken:
            _refuse_cut(catalogue, event, member.item, looks, groups, taken)
    return taken


def _refuse_cut(
    catalogue: Catalogue,
    event: LifeEvent,
    item: str,
    looks: dict[str, _Look],
    groups: dict[str, frozenset[str]],
    taken: frozenset[str],
) -> None:
    missing = [one for one in looks if one in groups[item] - taken and looks[one].applies]
    if not missing:
        return
    cite = _bound_cite(looks, groups[item])
    others = "、".join(looks[one].item.name for one in missing)
    law = cite_words(catalogue, cite)
    raise BoundItems(
        f"“{looks[item].item.name}”依法必须和“{others}”一并办理（{law}），不能只选一部分。",
        cite=cite,
        missing=tuple(missing),
        mend=f"请加选“{others}”，或者都不选。",
    )


def _bound_cite(looks: dict[str, _Look], group: frozenset[str]) -> Citation:
    for code, look in looks.items():
        if code in group and look.member.bound_cite is not None:
            return look.member.bound_cite
    raise AssertionError("bound items always cite the law: the kind refuses them otherwise")


def _describe(
    catalogue: Catalogue,
    code: str,
    looks: dict[str, _Look],
    groups: dict[str, frozenset[str]],
    taken: frozenset[str],
    chosen: frozenset[str] | None,
) -> PlannedItem:
    look = looks[code]
    member, item = look.member, look.item
    included = member.item in taken
    org = catalogue.orgs.get(item.org)
    reason, cite = _reason(look, included, chosen)
    if included and (bound := groups[member.item] & taken - {member.item}):
        cite = _bound_cite(looks, groups[member.item])
        others = "、".join(other.item.name for code, other in looks.items() if code in bound)
        reason += f"依法须和“{others}”一并办理。"
    return PlannedItem(
        id=item.id,
        name=item.name,
        org=item.org,
        department=org.short_name if org else item.org,
        included=included,
        optional=member.optional,
        decided=look.verdict.value is not None or not look.in_force,
        reason=reason,
        cite=cite,
        undecided_by=look.verdict.missing if look.verdict.value is None and look.in_force else (),
    )


def _reason(look: _Look, included: bool, chosen: frozenset[str] | None) -> tuple[str, Citation]:
    member, item, verdict = look.member, look.item, look.verdict
    cite = item.basis[0]
    if not look.in_force:
        return _out_of_force(item), cite
    if verdict.value is False:
        why = member.otherwise or "不符合适用条件。"
        return _joined(
            "您选了这一项，但它不适用：" if chosen and item.id in chosen else "", why, verdict.answers
        ), cite
    if not included:
        return ("可选服务，您没有选。" if member.optional else "您没有选这一项。"), cite
    if verdict.value is None:
        asks = "、".join(verdict.missing)
        return _joined("", member.because, f"是否适用还要看“{asks}”，先列入；回答后再定"), cite
    return _joined("", member.because, verdict.answers), cite


def _joined(opening: str, sentence: str, detail: str) -> str:
    end = "" if sentence.endswith(("。", "！", "？", "；")) else "。"
    tail = f"（{detail}）" if detail else ""
    return f"{opening}{sentence.rstrip('。')}{tail}。" if tail else f"{opening}{sentence}{end}"


def _out_of_force(item: Item) -> str:
    since = f"自{format_date(item.valid_from)}起" if item.valid_from else ""
    until = f"到{format_date(item.valid_to)}为止" if item.valid_to else ""
    return f"这一事项只在{since}{until}的期间办理。"
