# SPDX-License-Identifier: Apache-2.0
"""All policies for everybody at once: one query over a table of subjects, whatever engine holds it.

For each policy and row two columns: `<policy>.fen` (what is given; 0 for nothing; missing while it is not
known) and `<policy>.reason` (0 fits; n the n-th condition does not hold; -n the n-th is not known yet;
of a policy without money only this one). The answers are those of `calculate_all` for each subject alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.definitions.rule_types import rule_type
from yiwang.engines.rules import evaluate, names
from yiwang.engines.rules.population import Column, PopulationError, compile_rule
from yiwang.engines.rules.population_reasons import compile_conditions, conditions_of, reason_code
from yiwang.engines.rules.population_terms import WORD_DIGITS
from yiwang.kernel.late import Late

from .kinds import Policy
from .rules import LARGEST, amount_of, condition_of, fen_of

ibis: Any = Late("ibis")

_FITS, _WORTH, _YIELDS = ".fits", ".worth", ".yields"
YIELDS = 1000
"""The reason of a policy that fits but gives way to a higher one of its group."""
_WIDTHS = {ElementType.INTEGER: (10, 0), ElementType.MONEY: (15, 2), ElementType.DECIMAL: (15, 4)}
"""(digits in all, behind the point). With room for a rate these still fit a machine word, in which engines
count four times faster; ten million million yuan is more than a city has."""


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
    least = Decimal(0) if element.minimum is not None and element.minimum >= 0 else None
    return Column(rule_type(element), digits=digits, scale=scale, least=least)


def match(
    policies: Iterable[Policy], table: Any, columns: Mapping[str, Column], *, on: dt.date, key: str = "id"
) -> Matching:
    """The query for all policies in force on a day over `table`, whose columns are named as in rules.

    A policy that cannot be run over this table (a column is not there, a rule that engines do not share)
    is left out and named, never guessed.
    """
    ibis.options.sql.fuse_selects = False  # the steps stay apart, whoever runs the query
    present = {name: column for name, column in columns.items() if name in table.columns}
    there = {each.id: each for each in policies if each.valid_on(on) and each.when is not None}
    left_out: dict[str, str] = {}
    as_told = {name: replace(column, least=None) for name, column in present.items()}
    fits = _each(there.values(), left_out, lambda one: _conditions(one, table, as_told))
    query = table.select(key, *present, **{f"{id}{_FITS}": code for id, code in fits.items()})
    exact = _each([there[id] for id in fits], left_out, lambda one: _exact(one, query, present))
    taken = [there[id] for id in exact]
    query = _yielding(taken, _worths(query, key, exact))
    return Matching(_settled(taken, query, key), tuple(taken), left_out)


def _each(
    policies: Iterable[Policy], left_out: dict[str, str], compiled: Callable[[Policy], Any]
) -> dict[str, Any]:
    """Policy → what was compiled of it; why it cannot be is written into `left_out`."""
    found = {}
    for policy in policies:
        try:
            found[policy.id] = compiled(policy)
        except PopulationError as error:
            left_out[policy.id] = f"{error.what}{error.mend}"
    return found


# Four steps, each a query over the one before, so that no engine works anything out twice, nor the fen of
# those who do not fit.


def _conditions(policy: Policy, table: Any, columns: Mapping[str, Column]) -> Any:
    """Step 1: which condition decided; 0 when all hold."""
    condition = condition_of(policy)
    assert condition is not None  # `match` has looked
    return reason_code(compile_conditions(condition, table, columns, source=policy.id))


@dataclass(frozen=True)
class _Exact:
    """The fen that hang on facts; and when facts cannot be (fewer than no persons): then it is not known."""

    fen: Any
    cannot_be: Any = None


def _exact(policy: Policy, table: Any, columns: Mapping[str, Column]) -> _Exact | None:
    """The fen that hang on facts; None when they do not. What is wider than a machine word is tried once more
    without facts below zero: least and highest of facts are much narrower then."""
    if amount_of(policy) is None or _always(policy) is not None:
        return None
    rule = fen_of(policy)
    as_told = {name: replace(column, least=None) for name, column in columns.items()}
    fen = compile_rule(rule, table, as_told, source=policy.id)
    if not _is_wide(fen):
        return _Exact(fen)
    narrow = compile_rule(rule, table, columns, source=policy.id)
    bounded = {name: columns[name].least for name in names(rule) if name in columns}
    below = [table[name] < least for name, least in bounded.items() if least is not None]
    if _is_wide(narrow) or not below:
        return _Exact(fen)
    return _Exact(narrow, reduce(lambda a, b: a | b, below))


def _is_wide(fen: Any) -> bool:
    """Whether any number on the way is wider than a machine word."""
    casts = fen.op().find(ibis.expr.operations.Cast)
    return any(one.to.is_decimal() and one.to.precision > WORD_DIGITS for one in casts)


def _always(policy: Policy) -> int | None:
    """The fen that everybody gets who fits; None when it hangs on facts, or is nothing."""
    amount = amount_of(policy)
    if amount is None or names(amount):
        return None
    yuan = evaluate(amount, {})
    return int(yuan * 100) if isinstance(yuan, Decimal) and 0 < yuan < LARGEST else None


def _worths(table: Any, key: str, exact: Mapping[str, _Exact | None]) -> Any:
    """Step 2: the fen that hang on facts, as whole numbers, of those who fit."""
    selected = {key: table[key]}
    for policy, found in exact.items():
        fits = table[f"{policy}{_FITS}"]
        selected[f"{policy}{_FITS}"] = fits
        if found is not None:
            cannot_be = [(found.cannot_be, ibis.null())] if found.cannot_be is not None else []
            whole = _believable(found.fen).cast("int64")
            selected[f"{policy}{_WORTH}"] = ibis.cases(*cannot_be, (fits == 0, whole))
    return table.select(**selected)


def _believable(fen: Any) -> Any:
    """The fen, missing where they cannot be right: a wrong fact of one subject shall not stop all others."""
    kind, largest = fen.type(), LARGEST * 100
    if not kind.is_decimal() or kind.precision - kind.scale <= largest.adjusted():
        return fen
    most = ibis.literal(largest, type=kind)
    return ibis.least(fen, most).nullif(most)


def _yielding(policies: Sequence[Policy], table: Any) -> Any:
    """Step 3: of each group that is not added up, who gives way to a higher one; of equals all but the last
    by id, as `calculate_all` has it."""
    found: dict[str, Any] = {}
    for group in sorted({one.group for policy in policies for one in policy.not_with}):
        rivals = sorted(
            (p for p in policies if group in {one.group for one in p.not_with}), key=lambda p: p.id
        )
        worth = [_bid(p, table) for p in rivals]
        for place, rival in enumerate(rivals):
            more = [other > worth[place] for other in worth[:place]]
            more += [other >= worth[place] for other in worth[place + 1 :]]
            found.setdefault(f"{rival.id}{_YIELDS}", []).extend(more)
    yields = {name: reduce(lambda a, b: a | b, more) for name, more in found.items() if more}
    return table.mutate(**yields) if yields else table


def _bid(policy: Policy, table: Any) -> Any:
    """What a policy has against others of its group: below zero when it gives nothing."""
    fits, worth = table[f"{policy.id}{_FITS}"] == 0, _worth(policy, table)
    return ibis.ifelse(fits & (worth > 0) if _hangs(policy, table) else fits, worth, -1)


def _hangs(policy: Policy, table: Any) -> bool:
    return f"{policy.id}{_WORTH}" in table.columns


def _worth(policy: Policy, table: Any) -> Any:
    """What a policy is worth to somebody who fits it; missing while that is not known."""
    if _hangs(policy, table):
        return table[f"{policy.id}{_WORTH}"]
    return ibis.literal(_always(policy) or 0, type="int64")


def _settled(policies: Sequence[Policy], table: Any, key: str) -> Any:
    """Step 4: what decided, and the fen that are given."""
    selected = {key: table[key]}
    for policy in policies:
        fits, worth, count = table[f"{policy.id}{_FITS}"], _worth(policy, table), _count(policy)
        codes = [(worth.isnull(), -count - 1), (worth <= 0, count + 1)] if _hangs(policy, table) else []
        if f"{policy.id}{_YIELDS}" in table.columns:
            codes.append(((fits == 0) & table[f"{policy.id}{_YIELDS}"], YIELDS))
        if policy.money is not None:
            nothing = [(fits > 0, 0), *((test, 0) for test, code in codes if code > 0)]
            selected[f"{policy.id}.fen"] = ibis.cases(*nothing, (fits == 0, worth))
        selected[f"{policy.id}.reason"] = ibis.cases((fits != 0, fits), *codes, else_=0) if codes else fits
    return table.select(**selected)


def _count(policy: Policy) -> int:
    condition = condition_of(policy)
    assert condition is not None  # `match` has looked
    return len(conditions_of(condition))
