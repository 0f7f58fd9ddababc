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
from functools import reduce
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.rule_types import rule_type
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

_WORTH = ".worth"
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
    query = _outcomes(taken, table.select(**compiled), key)
    return Matching(_settled(taken, query, key), tuple(taken), left_out)


# Three steps, each a query over the one before, so that no engine works anything out twice.


def _compiled(policy: Policy, table: Any, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Step 1: every condition and the yuan, as columns."""
    condition, amount = condition_of(policy), amount_of(policy)
    assert condition is not None  # `match` has looked
    found = {
        f"{policy.id}.{number}": compile_rule(part, table, columns, source=policy.id)
        for number, part in enumerate(conditions_of(condition), 1)
    }
    if amount is not None:
        found[f"{policy.id}.yuan"] = compile_rule(amount, table, columns, source=policy.id)
    return found


def _outcomes(policies: Sequence[Policy], table: Any, key: str) -> Any:
    """Step 2: of each policy alone, the reason and the fen."""
    selected = {key: table[key]}
    for policy in policies:
        condition = condition_of(policy)
        assert condition is not None
        count = len(conditions_of(condition))
        reason = reason_code([table[f"{policy.id}.{number}"] for number in range(1, count + 1)])
        if policy.money is not None:
            yuan = _believable(table[f"{policy.id}.yuan"])
            fen = (yuan * 100).cast("int64")
            selected[f"{policy.id}.fen"] = ibis.cases(
                (reason > 0, 0), ((reason == 0) & (fen > 0), fen), ((reason == 0) & (fen <= 0), 0)
            )
            # every condition holds, but the amount is not known, or is nothing
            reason = ibis.cases(
                (reason != 0, reason), (yuan.isnull(), -count - 1), (fen <= 0, count + 1), else_=0
            )
        selected[f"{policy.id}.reason"] = reason
        if policy.not_with:
            selected[f"{policy.id}{_WORTH}"] = _worth(selected, policy.id)
    return table.select(**selected)


def _believable(yuan: Any) -> Any:
    """The yuan, missing where they cannot be right: a wrong fact of one subject shall not stop all others."""
    kind = yuan.type()
    if not kind.is_decimal() or kind.precision - kind.scale <= LARGEST.adjusted():
        return yuan
    return ibis.cases((yuan < ibis.literal(LARGEST, type="decimal(16,0)"), yuan))


def _settled(policies: Sequence[Policy], table: Any, key: str) -> Any:
    """Step 3: of each group that is not added up, only the highest; of equals the last by id, as
    `calculate_all` has it."""
    selected = {name: table[name] for name in table.columns if not name.endswith(_WORTH)}
    for group in sorted({one.group for policy in policies for one in policy.not_with}):
        rivals = sorted(p.id for p in policies if group in {one.group for one in p.not_with})
        worth = {rival: table[f"{rival}{_WORTH}"] for rival in rivals}
        for place, rival in enumerate(rivals):
            beaten = [worth[other] > worth[rival] for other in rivals[:place]]
            beaten += [worth[other] >= worth[rival] for other in rivals[place + 1 :]]
            loses = (worth[rival] >= 0) & reduce(lambda a, b: a | b, beaten, ibis.literal(False))
            selected[f"{rival}.reason"] = ibis.ifelse(loses, YIELDS, selected[f"{rival}.reason"])
            if f"{rival}.fen" in selected:
                selected[f"{rival}.fen"] = ibis.ifelse(loses, 0, selected[f"{rival}.fen"])
    return table.select(**selected)


def _worth(selected: Mapping[str, Any], policy: str) -> Any:
    """What a policy that fits is worth; -1 for one that does not."""
    fen = selected.get(f"{policy}.fen", ibis.literal(0))
    return ibis.ifelse(selected[f"{policy}.reason"] == 0, fen, -1).fill_null(-1)
