# SPDX-License-Identifier: Apache-2.0
"""Which columns of a roster count: the facts that the department's own policies ask for. Of every other
column the department is told why it is not taken, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.engines.benefits import Policy, facts_needed
from yiwang.engines.benefits.kinds import For
from yiwang.engines.benefits.kinds import Form as MoneyForm
from yiwang.engines.definitions import Catalogue

_SHOWN = 3  # departments that are named


@dataclass(frozen=True)
class NotTaken:
    """A column of a roster that no match reads. `mend`: what the department can do."""

    name: str
    why: str
    mend: str


def is_applied_for(policy: Policy) -> bool:
    """Whether a person or firm has to apply for a policy's money itself: it does not come by itself, is not
    settled by records, and is not given where somebody pays."""
    money = policy.money
    paid = money is not None and money.form is MoneyForm.PAID
    return paid and policy.to is not For.BODY and policy.automatic is None and policy.settled is None


def facts_of_departments(catalogue: Catalogue) -> Mapping[str, frozenset[str]]:
    """Department → what it may vouch for: what those of its own policies ask for that somebody is written to
    about, because they come without application or because one has to apply for them."""
    policies: list[Any] = list(catalogue.others.get("policies", {}).values())
    found: dict[str, set[str]] = {}
    for each in policies:
        if each.automatic is not None or is_applied_for(each):
            for org in each.departments:
                found.setdefault(org, set()).update(facts_needed([each]))
    return {org: frozenset(facts) for org, facts in found.items()}


def not_taken(catalogue: Catalogue, org: str, columns: Iterable[str]) -> list[NotTaken]:
    """The columns that do not count when this department hands them in."""
    may_say = facts_of_departments(catalogue)
    own = may_say.get(org, frozenset())
    return [_told(catalogue, may_say, name) for name in columns if name not in own]


def _told(catalogue: Catalogue, may_say: Mapping[str, frozenset[str]], name: str) -> NotTaken:
    orgs = [org for org, facts in sorted(may_say.items()) if name in facts]
    if not orgs:
        return NotTaken(name, "没有哪项比对的政策用到它。", "可以删去这一列；以后有政策用到，再交一份名单。")
    names = [catalogue.orgs[org].name if org in catalogue.orgs else org for org in orgs]
    said = "、".join(names[:_SHOWN]) + ("等单位" if len(names) > _SHOWN else "")
    return NotTaken(
        name,
        f"它由{said}的政策使用，不是本单位的政策要的。",
        f"请{said}提交；应当由本单位认定的，请目录管理员把本单位列为这项政策的责任单位。",
    )
