# SPDX-License-Identifier: Apache-2.0
"""What is one firm or person owed on one day, and why: every policy, with reasons, then the stacking.

The facts are by the names that rules use. What nobody has given is not known, and a policy that hangs
on it is *open*, with the names it waits for: never a no. So is one whose amount cannot be right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from yiwang.engines.rules import Explanation, evaluate, explain, names
from yiwang.kernel.termed import Termed

from .kinds import Policy
from .rules import LARGEST, amount_of, condition_of

_Key = TypeVar("_Key")


class Standing(Termed):
    """How somebody stands to a policy."""

    FITS = "fits", "符合"
    NOT = "not", "不符合"
    OPEN = "open", "还差信息"
    YIELDS = "yields", "符合，但只能就高享受同组的另一项"  # 符合，但同组有更高的
    NOT_YET = "not_yet", "政策还没有开始"
    EXPIRED = "expired", "政策已经到期"
    GUIDE = "guide", "请咨询责任部门"  # 只有指引，不能计算


@dataclass(frozen=True)
class Entitlement:
    """One policy for one subject on one day.

    `fen`: what is given (of `upper_bound` policies: at most); None while it is not known or there is no
    money in it. `then`: of a policy not in force, how it stood on the last or will stand on the first day.
    """

    policy: Policy
    standing: Standing
    fen: int | None = None
    needs: tuple[str, ...] = ()
    why: Explanation | None = None
    how_much: Explanation | None = None
    then: Entitlement | None = None
    yields_to: str = ""

    @property
    def clause(self) -> str:
        """Where it is written."""
        return f"{self.policy.cite.doc} {self.policy.cite.at}"

    def instalments(self) -> tuple[tuple[int, int], ...]:
        """(year, fen): the payments; their sum is the whole, the last takes what rounding leaves."""
        money = self.policy.money
        if self.fen is None or money is None or not money.instalments:
            return ()
        return split(self.fen, [(one.year, one.share) for one in money.instalments])

    def payers(self) -> tuple[tuple[str, int], ...]:
        """(who, fen): who pays how much of it."""
        money = self.policy.money
        if self.fen is None or money is None or not money.payers:
            return ()
        return split(self.fen, [(one.who, one.share) for one in money.payers])


def split(fen: int, shares: Sequence[tuple[_Key, Decimal]]) -> tuple[tuple[_Key, int], ...]:
    """Parts of a sum by shares that add up to 1; the last takes what rounding leaves."""
    parts = [(key, int(fen * share)) for key, share in shares]
    key, last = parts[-1]
    parts[-1] = (key, last + fen - sum(part for _, part in parts))
    return tuple(parts)


def calculate(policy: Policy, facts: Mapping[str, Any], on: dt.date) -> Entitlement:
    """One policy, alone. Raises RuleError for facts the rule language cannot hold."""
    if policy.when is None:
        return Entitlement(policy, Standing.GUIDE)
    if policy.valid_to is not None and on > policy.valid_to:
        return Entitlement(policy, Standing.EXPIRED, then=_in_force(policy, facts))
    if policy.valid_from is not None and on < policy.valid_from:
        return Entitlement(policy, Standing.NOT_YET, then=_in_force(policy, facts))
    return _in_force(policy, facts)


def _in_force(policy: Policy, facts: Mapping[str, Any]) -> Entitlement:
    condition, amount = condition_of(policy), amount_of(policy)
    assert condition is not None  # `calculate` has looked
    why = explain(condition, facts)
    if why.outcome is not True:
        standing = Standing.OPEN if why.unknown_names else Standing.NOT
        return Entitlement(policy, standing, needs=why.unknown_names, why=why)
    if amount is None:
        return Entitlement(policy, Standing.FITS, why=why)
    how_much = explain(amount, facts)
    if how_much.unknown_names:
        return Entitlement(policy, Standing.OPEN, needs=how_much.unknown_names, why=why, how_much=how_much)
    if isinstance(how_much.value, Decimal) and how_much.value >= LARGEST:
        return Entitlement(policy, Standing.OPEN, needs=names(amount), why=why, how_much=how_much)
    fen = _fen(how_much.value)
    standing = Standing.FITS if fen else Standing.NOT
    return Entitlement(policy, standing, fen=fen, why=why, how_much=how_much)


def _fen(yuan: object) -> int:
    """Whole fen of a rounded number of yuan; what is null or below nothing is nothing."""
    return max(0, int(yuan * 100)) if isinstance(yuan, Decimal) else 0


def calculate_all(
    policies: Iterable[Policy], facts: Mapping[str, Any], on: dt.date
) -> tuple[Entitlement, ...]:
    """Every policy, and of each group that is not added up only the highest (就高不重复)."""
    found = [calculate(policy, facts, on) for policy in policies]
    for group in sorted({one.group for each in found for one in each.policy.not_with}):
        found = _highest_of(group, found)
    return tuple(found)


def _highest_of(group: str, found: list[Entitlement]) -> list[Entitlement]:
    def rival(each: Entitlement) -> bool:
        return each.standing is Standing.FITS and group in {one.group for one in each.policy.not_with}

    rivals = [each for each in found if rival(each)]
    if len(rivals) < 2:
        return found
    best = max(rivals, key=lambda each: (each.fen or 0, each.policy.id))
    return [
        replace(each, standing=Standing.YIELDS, yields_to=best.policy.id)
        if rival(each) and each is not best
        else each
        for each in found
    ]


def next_questions(
    found: Iterable[Entitlement],
    facts: Mapping[str, Any] | None = None,
    possible: Mapping[str, Sequence[Any]] | None = None,
) -> tuple[str, ...]:
    """The names worth asking next, those first whose answer can still decide the most.

    For each policy that is open a name counts by the share of its `possible` answers (by name: yes and no,
    the words of a choice) that alone settle whether somebody fits, given the `facts`; a name with answers
    without end counts as one of those the policy waits for.
    """
    known, answers = facts or {}, possible or {}
    weight: dict[str, float] = {}
    for each in found:
        if each.standing is not Standing.OPEN:
            continue
        condition = condition_of(each.policy)
        for name in each.needs:
            worth = 1 / len(each.needs)
            if condition is not None and (choices := answers.get(name)):
                settles = [evaluate(condition, {**known, name: one}) is not None for one in choices]
                worth = max(worth, sum(settles) / len(settles))
            weight[name] = weight.get(name, 0) + worth
    return tuple(sorted(weight, key=lambda name: (-round(weight[name], 6), name)))


def facts_needed(policies: Iterable[Policy]) -> tuple[str, ...]:
    """Every name that the policies' rules use."""
    found: dict[str, None] = {}
    for policy in policies:
        for rule in (condition_of(policy), amount_of(policy)):
            found.update(dict.fromkeys(names(rule)) if rule is not None else {})
    return tuple(found)
