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

import ibis

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.rule_types import rule_type
from yiwang.engines.rules.population import Column, PopulationError, compile_rule, reason_code

from .kinds import Policy
from .rules import amount_of, condition_of

YIELDS = 1000
"""The reason of a policy that fits but gives way to a higher one of its group."""
_SCALES = {ElementType.INTEGER: 0, ElementType.MONEY: 2, ElementType.DECIMAL: 4}


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
    return Column(rule_type(element), digits=18, scale=_SCALES.get(element.type, 0))


def match(
    policies: Iterable[Policy], table: Any, columns: Mapping[str, Column], *, on: dt.date, key: str = "id"
) -> Matching:
    """The query for all policies in force on a day over `table`, whose columns are named as in rules.

    A policy that cannot be run over this table (a column is not there, a rule that engines do not share)
    is left out and named, never guessed.
    """
    present = {name: column for name, column in columns.items() if name in table.columns}
    outcomes: dict[str, _Outcome] = {}
    taken: list[Policy] = []
    left_out: dict[str, str] = {}
    for policy in policies:
        if not policy.valid_on(on) or policy.when is None:
            continue
        try:
            outcomes[policy.id] = _outcome(policy, table, present)
        except PopulationError as error:
            left_out[policy.id] = f"{error.what}{error.mend}"
        else:
            taken.append(policy)
    for group in sorted({one.group for policy in taken for one in policy.not_with}):
        _only_the_highest([p for p in taken if group in {one.group for one in p.not_with}], outcomes)
    selected = {key: table[key]}
    for policy in taken:
        outcome = outcomes[policy.id]
        selected[f"{policy.id}.reason"] = outcome.reason
        if outcome.fen is not None:
            selected[f"{policy.id}.fen"] = outcome.fen
    return Matching(table.select(**selected), tuple(taken), left_out)


@dataclass
class _Outcome:
    fits: Any
    reason: Any
    fen: Any | None


def _outcome(policy: Policy, table: Any, columns: Mapping[str, Column]) -> _Outcome:
    condition, amount = condition_of(policy), amount_of(policy)
    assert condition is not None  # `match` has looked
    fits = compile_rule(condition, table, columns, source=policy.id)
    reason = reason_code(condition, table, columns, source=policy.id)
    if amount is None:
        return _Outcome(fits, reason, None)
    yuan = compile_rule(amount, table, columns, source=policy.id)
    given = ibis.greatest(yuan * 100, 0).cast("int64")
    waits = ibis.literal(-(len(_parts(condition)) + 1))  # every condition holds, the amount is not known
    nothing = ibis.literal(len(_parts(condition)) + 1)  # every condition holds, the scale gives nothing
    fen = ibis.cases((fits & yuan.notnull(), given), (~fits, 0))
    reason = ibis.cases((reason != 0, reason), (yuan.isnull(), waits), (given == 0, nothing), else_=0)
    return _Outcome(fits & (given > 0), reason, fen)


def _parts(condition: Any) -> Sequence[Any]:
    return getattr(condition, "parts", (condition,))


def _only_the_highest(rivals: list[Policy], outcomes: dict[str, _Outcome]) -> None:
    """Of those that fit, the highest stays; of equals the last by id, as `calculate_all` has it."""
    ranked = sorted(rivals, key=lambda policy: policy.id)
    worth = {p.id: ibis.cases((outcomes[p.id].fits, _worth(outcomes[p.id])), else_=-1) for p in ranked}
    for place, policy in enumerate(ranked):
        outcome, own = outcomes[policy.id], worth[policy.id]
        beaten = [worth[other.id] > own for other in ranked[:place]]
        beaten += [worth[other.id] >= own for other in ranked[place + 1 :]]
        loses = (own >= 0) & reduce(lambda a, b: a | b, beaten)
        outcome.reason = ibis.ifelse(loses, YIELDS, outcome.reason)
        if outcome.fen is not None:
            outcome.fen = ibis.ifelse(loses, 0, outcome.fen)
        outcome.fits = outcome.fits & ~loses


def _worth(outcome: _Outcome) -> Any:
    return ibis.literal(0) if outcome.fen is None else outcome.fen
