# SPDX-License-Identifier: Apache-2.0
"""The condition of a policy as lines that must all hold, and back, so that nothing is written otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.engines.rules import RuleError, nodes, parse, to_feel
from yiwang.engines.rules.population_reasons import conditions_of


def lines_of(when: str) -> list[str]:
    """The conditions that must all hold, each as it is written."""
    parts = conditions_of(parse(when))
    wanted = [to_feel(part) for part in parts]
    found = _cut(when, wanted)
    return found if found and composed_when(found) == when else wanted


def _cut(when: str, wanted: Sequence[str]) -> list[str]:
    """The text cut at its `and`s into pieces that are `wanted`; nothing where it cannot be done."""
    pieces: list[str] = []
    begun, words = 0, when.split(" and ")
    for end in range(1, len(words) + 1):
        piece = " and ".join(words[begun:end])
        bare = piece[1:-1] if piece.startswith("(") and piece.endswith(")") else piece
        for one in (bare, piece):
            if len(pieces) < len(wanted) and _same(one, wanted[len(pieces)]):
                pieces, begun = [*pieces, one], end
                break
    return pieces if len(pieces) == len(wanted) and begun == len(words) else []


def _same(text: str, wanted: str) -> bool:
    try:
        return to_feel(parse(text)) == wanted
    except RuleError:
        return False


def composed_when(conditions: Sequence[str]) -> str:
    """One rule of conditions that must all hold; each in brackets where it would read otherwise."""
    if len(conditions) < 2:
        return " ".join(conditions)
    return " and ".join(f"({one})" if _reaches_out(one) else one for one in conditions)


def _reaches_out(condition: str) -> bool:
    """Whether a condition would swallow, or be torn by, an `and` beside it."""
    try:
        alone = parse(condition)
        beside = parse(f"true and {condition} and true")
    except RuleError:
        return True
    return not isinstance(beside, nodes.And) or beside.parts[1:-1] != conditions_of(alone)
