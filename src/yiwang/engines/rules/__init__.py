# SPDX-License-Identifier: Apache-2.0
"""The rule language (FEEL of DMN 1.5): read, check, run, explain and say a rule.

1. :func:`parse` turns text into a tree of small frozen nodes, or says where it cannot.
2. :func:`check` finds out, when a definition loads, whether the tree fits its names and types.
3. :func:`evaluate` runs it on the facts of one subject, three-valued; :func:`explain` also says
   why; :func:`words` says the rule itself in Chinese; :func:`to_feel` writes it back.

The language and its limits: docs/formats/rules.md.
"""

from __future__ import annotations

from yiwang.engines.rules.checker import check
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import Position, RuleError
from yiwang.engines.rules.evaluator import evaluate
from yiwang.engines.rules.explainer import Condition, Explanation, explain
from yiwang.engines.rules.nodes import Expr, names
from yiwang.engines.rules.parser import parse
from yiwang.engines.rules.printer import to_feel
from yiwang.engines.rules.types import (
    ANY,
    BOOLEAN,
    DATE,
    DAYS,
    MONTHS,
    NUMBER,
    STRING,
    Type,
    choice,
    context,
    list_of,
    range_of,
)
from yiwang.engines.rules.values import Months, Range, Value
from yiwang.engines.rules.words import say_value, words

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DAYS",
    "MONTHS",
    "NUMBER",
    "STRING",
    "Condition",
    "Dialect",
    "Explanation",
    "Expr",
    "Months",
    "Position",
    "Range",
    "RuleError",
    "Type",
    "Value",
    "check",
    "choice",
    "context",
    "evaluate",
    "explain",
    "list_of",
    "names",
    "parse",
    "range_of",
    "say_value",
    "to_feel",
    "words",
]
