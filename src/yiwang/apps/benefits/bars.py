# SPDX-License-Identifier: Apache-2.0
"""What keeps somebody from being paid for now: a credit record that bars benefits, or no money left.

A hindrance is kept beside the state of a claim or payment: it takes nothing away, and goes by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from yiwang.apps.catalogue.public import current
from yiwang.apps.credit import public as credit
from yiwang.engines.benefits import Policy

CREDIT, BUDGET = "credit", "budget"


class Hindered(Protocol):
    """A claim or a payment."""

    hindered: str
    hindrance: Any

    def save(self, *, update_fields: Collection[str]) -> None:
        """Write it."""
        ...


def policy_now(policy: str) -> Policy | None:
    """A policy as it is in force: budgets and bars are today's, whatever a claim was found by."""
    found: Any = current().catalogue.others.get("policies", {}).get(policy)
    return found if isinstance(found, Policy) else None


def bars_on(policy: Policy | None, subjects: Collection[str], on: dt.date) -> Mapping[str, Mapping[str, Any]]:
    """Subject → the one record that bars a policy for it, its basis and until when; asked in one go."""
    if policy is None or policy.credit is None or not subjects:
        return {}
    kinds = {credit.EffectKind.NO_BENEFIT}
    matter = credit.Matter(scene=credit.Scene.BENEFIT)
    found = credit.effects_of_many(subjects, on=on, kinds=kinds, matter=matter)
    return {subject: _told(effects[0]) for subject, effects in found.items() if effects}


def bar_on(policy: Policy | None, subject: str, on: dt.date) -> Mapping[str, Any] | None:
    """The same of one subject; None when nothing bars it."""
    return bars_on(policy, [subject], on).get(subject)


def _told(effect: credit.Effect) -> dict[str, Any]:
    return {
        "record": effect.record,
        "measure": effect.measure,
        "basis": effect.basis,
        "until": effect.until.isoformat() if effect.until else "",
        "org": effect.org,
    }


def bar_words(told: Mapping[str, Any]) -> str:
    """What the subject is told: why, until when, and what can be done about it."""
    until = f"，到{told['until']}止" if told["until"] else ""
    return (
        f"有一条信用记录限制享受财政资金（依据：{told['basis']}{until}）。"
        "可以在“我的信用”里查看这条记录、申请信用修复或者提出异议；修复以后这项政策自动继续，不用重新申请。"
    )


def hold(row: Hindered, what: str, told: Mapping[str, Any] | None) -> bool:
    """Keep somebody waiting; whether that is news to them."""
    news = row.hindered != what or (told is not None and row.hindrance is None)
    row.hindered, row.hindrance = what, dict(told) if told is not None else None
    row.save(update_fields=["hindered", "hindrance"])
    return news


def free(row: Hindered) -> None:
    """Nothing keeps them waiting any more."""
    row.hindered, row.hindrance = "", None
    row.save(update_fields=["hindered", "hindrance"])
