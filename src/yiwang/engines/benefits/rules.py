# SPDX-License-Identifier: Apache-2.0
"""A policy as rules of the one rule language: who fits, and how many yuan."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Final

from yiwang.engines.rules import Expr, nodes, parse
from yiwang.engines.rules.table_reading import read_table
from yiwang.engines.rules.tables import Output, Table, as_rule

from .kinds import Money, Policy, Tiers

FEN_PLACES: Final = nodes.Literal(Decimal(2))  # a yuan has a hundred fen
LARGEST: Final = Decimal(10) ** 15
"""Yuan from which an amount cannot be right (a wrong fact of one subject), nor fit what counts its fen."""
_HUNDRED: Final = nodes.Literal(Decimal(100))
_NOUGHT: Final = nodes.Literal(Decimal(0))  # not parsed: importing this shall not build the parser


def condition_of(policy: Policy) -> Expr | None:
    """Who fits; None for a policy that is only a guide."""
    return parse(policy.when, source=policy.id) if policy.when else None


def amount_of(policy: Policy) -> Expr | None:
    """How many yuan somebody who fits is given, rounded to the fen; None for a policy without money."""
    return (
        nodes.Call("round half up", (_amount(policy.money, policy.id), FEN_PLACES)) if policy.money else None
    )


def fen_of(policy: Policy) -> Expr:
    """The same amount as whole fen; the policy has money."""
    assert policy.money is not None
    yuan, rate = _amount(policy.money, policy.id), _HUNDRED
    if isinstance(yuan, nodes.Arithmetic) and yuan.op == "*" and isinstance(yuan.right, nodes.Literal):
        written = yuan.right.value  # a rate that is written down is multiplied here, not for everybody
        if isinstance(written, Decimal):
            yuan, rate = yuan.left, nodes.Literal(written * 100)
    return nodes.Call("round half up", (nodes.Arithmetic("*", yuan, rate),))


def _amount(money: Money, source: str) -> Expr:
    if money.rule is not None:
        given = parse(money.rule, source=source)
    else:
        assert money.tiers is not None  # the kind has one of the two
        given = as_rule(tier_table(money.tiers, source))
    if money.cap is not None:
        given = nodes.Call("min", (given, parse(money.cap.most, source=source)))
    return given


def tier_table(tiers: Tiers, source: str) -> Table:
    """A scale as a decision table. Raises RuleError for a cell that cannot be read."""
    return _tier_table(
        tiers.of, tuple((row.test, row.gives) for row in tiers.rows), tiers.otherwise or "", source
    )


@lru_cache(maxsize=1024)
def _tier_table(of: str, rows: tuple[tuple[str, str], ...], otherwise: str, source: str) -> Table:
    return read_table(
        inputs=[of],
        outputs=[Output("元", otherwise=parse(otherwise) if otherwise else _NOUGHT)],
        rows=[([test], [gives], "") for test, gives in rows],
        source=source,
    )
