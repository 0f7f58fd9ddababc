# SPDX-License-Identifier: Apache-2.0
"""Facts as YAML and JSON write them, as the rule language wants them: exact decimals and real days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.engines.rules import RuleError, Type
from yiwang.engines.rules.types import Kind
from yiwang.kernel.dates import format_date


def facts_of(written: Mapping[str, Any], types: Mapping[str, Type]) -> dict[str, Any]:
    """The facts by name. A decimal is best written as text ("0.1"); what a reader has made a binary
    number of is taken by its shortest decimal form.

    Raises RuleError for a name that is no data element, and for a number or day that is none.
    """
    facts = {}
    for name, value in written.items():
        if name not in types:
            raise RuleError(f"没有名为“{name}”的数据项。", mend="请核对名称，它要与数据元的名称一致。")
        facts[name] = _fact(name, value, types[name])
    return facts


def _fact(name: str, value: Any, wanted: Type) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [_fact(name, one, wanted.item or wanted) for one in value]
    if not isinstance(value, str):
        return value
    try:
        if wanted.kind is Kind.NUMBER:
            return Decimal(value)
        return dt.date.fromisoformat(value) if wanted.kind is Kind.DATE else value
    except (InvalidOperation, ValueError):
        example = format_date(dt.date(2026, 1, 31)) + " 写作 2026-01-31"
        mend = "请写成数，例如 120.5。" if wanted.kind is Kind.NUMBER else f"日期请写成年-月-日：{example}。"
        raise RuleError(f"“{name}”的值“{value}”读不懂。", mend=mend) from None
