# SPDX-License-Identifier: Apache-2.0
"""Compare what a form says with what a department has on record (在线核查, 驻政办〔2021〕8号 L777).

Same: the online step found it true. Different, nothing, several, hidden: it stays unclear and an officer
looks; a machine finds nobody untrue. What is written down names the items, never their values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .states import Found


@dataclass(frozen=True)
class Pair:
    """One thing to compare: its name, what the form says, what the record says; `plain`: not masked."""

    name: str
    said: Any
    held: Any
    plain: bool = True


@dataclass(frozen=True)
class Verdict:
    """How a comparison ended, in words that name no value."""

    found: Found
    words: str


def judge(source: str, rows: Sequence[Sequence[Pair]]) -> Verdict:
    """What the rows of one resource say.

    Args:
        source: name of the resource.
        rows: the pairs of each row that was found.
    """
    if not rows:
        return Verdict(Found.UNCLEAR, f"在“{source}”里没有查到记录")
    if len({tuple(_same_form(one.held) for one in row) for row in rows}) > 1:
        return Verdict(Found.UNCLEAR, f"在“{source}”里查到不止一条记录，分不清是哪一条")
    unknown = [one.name for one in rows[0] if not one.plain or _empty(one.held) or _empty(one.said)]
    differ = [one.name for one in rows[0] if one.name not in unknown and not _equal(one)]
    if differ:
        return Verdict(Found.UNCLEAR, f"与“{source}”不一致：{'、'.join(differ)}；请工作人员核实是哪一边有误")
    if unknown:
        return Verdict(Found.UNCLEAR, f"“{source}”里看不到：{'、'.join(unknown)}")
    return Verdict(Found.TRUE, f"与“{source}”一致：{'、'.join(one.name for one in rows[0])}")


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Several resources: true only when each says so."""
    found = Found.TRUE if verdicts and all(one.found is Found.TRUE for one in verdicts) else Found.UNCLEAR
    return Verdict(found, "；".join(one.words for one in verdicts))


def _empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def _equal(one: Pair) -> bool:
    return _same_form(one.said) == _same_form(one.held)


def _same_form(value: Any) -> str:
    """Dates, numbers and texts written in one way."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = "".join(str(value if value is not None else "").split())
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text.upper()
