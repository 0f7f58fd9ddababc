# SPDX-License-Identifier: Apache-2.0
"""Check policies as definitions: their scales leave no gap, their examples come out as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions import Checked, Problem
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.engines.rules import RuleError, Type, names
from yiwang.engines.rules.coverage import coverage
from yiwang.engines.rules.tables import check_table
from yiwang.kernel.dates import today_in_china

from .calculate import Entitlement, Standing, calculate, facts_needed
from .facts import facts_of
from .kinds import Example, Policy
from .rules import amount_of, condition_of, tier_table

FOLDER = "policies"


def check_policies(checked: Checked) -> Iterator[Problem]:
    """Scales that overlap, groups of one, examples that say otherwise than the rules."""
    types = rule_types(checked.catalogue)
    policies: Mapping[str, Any] = checked.catalogue.others.get(FOLDER, {})
    groups: dict[str, list[str]] = {}
    for policy in policies.values():
        yield from _scale(checked, policy, types)
        yield from _examples(checked, policy, types)
        yield from _settled(checked, policy)
        for one in policy.not_with:
            groups.setdefault(one.group, []).append(policy.id)
    for group, members in groups.items():
        if len(members) == 1:
            what = f"排他组“{group}”里只有这一项政策"
            yield checked.problem(FOLDER, members[0], ("not_with",), what, "请核对组名，或删去")


def _scale(checked: Checked, policy: Policy, types: Mapping[str, Type]) -> Iterator[Problem]:
    tiers = policy.money.tiers if policy.money else None
    if tiers is None:
        return
    try:
        table = tier_table(tiers, policy.id)
        check_table(table, types)
        told = [each.text for each in coverage(table, types)]
    except RuleError as error:
        told = [error.what]
    for what in told:
        yield checked.problem(
            FOLDER, policy.id, ("money", "tiers"), what.rstrip("。"), "请核对各档的上下限含不含本数"
        )


def _examples(checked: Checked, policy: Policy, types: Mapping[str, Type]) -> Iterator[Problem]:
    for place, example in enumerate(policy.examples):
        path = ("examples", place)
        if unknown := [name for name in example.facts if name not in types]:
            yield checked.problem(
                FOLDER, policy.id, path, f"例子里的“{unknown[0]}”不是数据元的名称", "请先定义这个数据元"
            )
            continue
        try:
            said = outcome_of(policy, example, types)
        except RuleError as error:
            said = error.what
        if said:
            mend = "请核对规则和例子，哪个对照原文不符就改哪个"
            yield checked.problem(FOLDER, policy.id, path, f"例子“{example.says}”算出来不一样：{said}", mend)
    yield from _unused(checked, policy)


def _settled(checked: Checked, policy: Policy) -> Iterator[Problem]:
    """Register and records together give what the rules ask for, and nothing else."""
    if policy.settled is None:
        return
    asked, given = set(facts_needed([policy])), policy.settled.facts
    for name in sorted(asked ^ given):
        what = f"规则要用“{name}”，登记和记录都没有" if name in asked else f"“{name}”规则里用不到"
        yield checked.problem(FOLDER, policy.id, ("settled",), what, "请核对 registered 和 columns")


def _unused(checked: Checked, policy: Policy) -> Iterator[Problem]:
    rules = [rule for rule in (condition_of(policy), amount_of(policy)) if rule is not None]
    used = {name for rule in rules for name in names(rule)}
    for place, example in enumerate(policy.examples):
        for name in set(example.facts) - used:
            what = f"例子给了“{name}”，规则却用不到它"
            yield checked.problem(FOLDER, policy.id, ("examples", place), what, "请从例子里删去，或补全规则")


def outcome_of(policy: Policy, example: Example, types: Mapping[str, Type]) -> str:
    """How the rules say otherwise than an example, in words; empty when they agree."""
    day = example.on or policy.valid_from or today_in_china()
    found = calculate(policy, facts_of(example.facts, types), day)
    if example.needs:
        agrees = found.standing is Standing.OPEN and set(example.needs) == set(found.needs)
    elif example.gives is not None:
        agrees = (found.fen or 0) == int(example.gives * 100) and found.standing is not Standing.OPEN
    else:
        agrees = found.standing is (Standing.FITS if example.fits else Standing.NOT)
    return "" if agrees else _said(found)


def _said(found: Entitlement) -> str:
    money = "" if found.fen is None else f"，{Decimal(found.fen) / 100} 元"
    needs = f"，还缺{'、'.join(found.needs)}" if found.needs else ""
    return f"{found.standing.term}{money}{needs}"
