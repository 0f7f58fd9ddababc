# SPDX-License-Identifier: Apache-2.0
"""All policies for everybody at once: one query over a table of subjects, whatever engine holds it.

For each policy and row two columns: `<policy>.fen` (what is given; 0 for nothing; missing while it is not
known) and `<policy>.reason` (0 fits; n the n-th condition does not hold; -n the n-th is not known yet;
of a policy without money only this one). The answers are those of `calculate_all` for each subject alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.rule_types import rule_type
from yiwang.engines.rules import evaluate, names
from yiwang.engines.rules.population import (
    Column,
    PopulationError,
    compile_rule,
    conditions_of,
    reason_code,
)
from yiwang.kernel.late import Late

from .kinds import Policy
from .rules import LARGEST, amount_of, condition_of

ibis: Any = Late("ibis")

_YUAN, _WORTH = ".yuan", ".worth"
YIELDS = 1000
"""The reason of a policy that fits but gives way to a higher one of its group."""
_WIDTHS = {ElementType.INTEGER: (15, 0), ElementType.MONEY: (16, 2), ElementType.DECIMAL: (16, 4)}
"""(digits in all, behind the point). With room for a rate these still fit a machine word, in which engines
count four times faster; a hundred million million yuan is more than a city has."""


@dataclass(frozen=True)
class Matching:
    """A query to be run, the policies in it, and why others are not (policy id → words)."""

    query: Any
    policies: tuple[Policy, ...]
    left_out: Mapping[str, str]


def columns_of(catalogue: Catalogue) -> dict[str, Column]:
    """The column each data element would be: its type, and of a number its width."""
    return {element.name: _column(element) for element in catalogue.elements.values()}


def _column(element: Element) -> Column:
    digits, scale = _WIDTHS.get(element.type, (0, 0))
    return Column(rule_type(element), digits=digits, scale=scale)


def match(
    policies: Iterable[Policy], table: Any, columns: Mapping[str, Column], *, on: dt.date, key: str = "id"
) -> Matching:
    """The query for all policies in force on a day over `table`, whose columns are named as in rules.

    A policy that cannot be run over this table (a column is not there, a rule that engines do not share)
    is left out and named, never guessed.
    """
    present = {name: column for name, column in columns.items() if name in table.columns}
    compiled: dict[str, Any] = {key: table[key]}
    taken: list[Policy] = []
    left_out: dict[str, str] = {}
    for policy in policies:
        if not policy.valid_on(on) or policy.when is None:
            continue
        try:
            compiled |= _compiled(policy, table, present)
        except PopulationError as error:
            left_out[policy.id] = f"{error.what}{error.mend}"
        else:
            taken.append(policy)
    query = _reasons(taken, _worths(table.select(**compiled)), key)
    return Matching(_settled(taken, query, key), tuple(taken), left_out)


# Four steps, each a query over the one before, so that no engine works anything out twice.


def _compiled(policy: Policy, table: Any, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Step 1: every condition and, where it hangs on facts, the yuan, as columns."""
    condition, amount = condition_of(policy), amount_of(policy)
    assert condition is not None  # `match` has looked
    found = {
        f"{policy.id}.{number}": compile_rule(part, table, columns, source=policy.id)
        for number, part in enumerate(conditions_of(condition), 1)
    }
    if amount is not None and _always(policy) is None:
        found[f"{policy.id}{_YUAN}"] = compile_rule(amount, table, columns, source=policy.id)
    return found


def _always(policy: Policy) -> int | None:
    """The fen that everybody gets who fits; None when it hangs on facts, or is nothing."""
    amount = amount_of(policy)
    if amount is None or names(amount):
        return None
    yuan = evaluate(amount, {})
    return int(yuan * 100) if isinstance(yuan, Decimal) and 0 < yuan < LARGEST else None


def _worths(table: Any) -> Any:
    """Step 2: the fen that hang on facts."""
    selected = {}
    for name in table.columns:
        if name.endswith(_YUAN):
            fen = (_believable(table[name]) * 100).cast("int64")
            selected[name.removesuffix(_YUAN) + _WORTH] = fen
        else:
            selected[name] = table[name]
    return table.select(**selected)


def _believable(yuan: Any) -> Any:
    """The yuan, missing where they cannot be right: a wrong fact of one subject shall not stop all others."""
    kind = yuan.type()
    if not kind.is_decimal() or kind.precision - kind.scale <= LARGEST.adjusted():
        return yuan
    return ibis.cases((yuan < ibis.literal(LARGEST, type="decimal(16,0)"), yuan))


def _reasons(policies: Sequence[Policy], table: Any, key: str) -> Any:
    """Step 3: of each policy alone, what decided: a condition, or an amount not known or nothing."""
    selected = {key: table[key]}
    for policy in policies:
        count = _count(policy)
        outcomes = [table[f"{policy.id}.{number}"] for number in range(1, count + 1)]
        then = []
        if f"{policy.id}{_WORTH}" in table.columns:
            fen = table[f"{policy.id}{_WORTH}"]
            then = [(fen.isnull(), -count - 1), (fen <= 0, count + 1)]
            selected[f"{policy.id}{_WORTH}"] = fen
        selected[f"{policy.id}.reason"] = reason_code(outcomes, *then)
    return table.select(**selected)


def _count(policy: Policy) -> int:
    condition = condition_of(policy)
    assert condition is not None  # `match` has looked
    return len(conditions_of(condition))


def _settled(policies: Sequence[Policy], table: Any, key: str) -> Any:
    """Step 4: the fen; and of each group that is not added up, only the highest; of equals the last by id, as
    `calculate_all` has it."""
    beaten = _beaten(policies, table)
    selected = {key: table[key]}
    for policy in policies:
        reason = table[f"{policy.id}.reason"]
        if policy.id in beaten:
            reason = ibis.ifelse((reason == 0) & beaten[policy.id], YIELDS, reason)
        if policy.money is not None:
            selected[f"{policy.id}.fen"] = ibis.cases((reason > 0, 0), (reason == 0, _worth(policy, table)))
        selected[f"{policy.id}.reason"] = reason
    return table.select(**selected)


def _beaten(policies: Sequence[Policy], table: Any) -> Mapping[str, Any]:
    """Policy → whether another of its group is worth more to somebody."""
    found: dict[str, Any] = {}
    for group in sorted({one.group for policy in policies for one in policy.not_with}):
        rivals = sorted(
            (p for p in policies if group in {one.group for one in p.not_with}), key=lambda p: p.id
        )
        worth = [ibis.ifelse(table[f"{p.id}.reason"] == 0, _worth(p, table), -1) for p in rivals]
        for place, rival in enumerate(rivals):
            more = [other > worth[place] for other in worth[:place]]
            more += [other >= worth[place] for other in worth[place + 1 :]]
            found[rival.id] = reduce(lambda a, b: a | b, more, ibis.literal(False))
    return found


def _worth(policy: Policy, table: Any) -> Any:
    """What a policy is worth to somebody who fits it."""
    if f"{policy.id}{_WORTH}" in table.columns:
        return table[f"{policy.id}{_WORTH}"]
    return ibis.literal(_always(policy) or 0, type="int64")
