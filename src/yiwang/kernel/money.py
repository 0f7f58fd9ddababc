# SPDX-License-Identifier: Apache-2.0
"""Money is a whole number of fen (分); it is never a float.

Text is read exactly: what has more than two decimals of a yuan is refused, not rounded.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import NewType

from yiwang.kernel.errors import Invalid

__all__ = ["Fen", "fen", "format_fen", "parse_yuan"]

Fen = NewType("Fen", int)

_FEN_PER = {"": 100, "元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
_AMOUNT = re.compile(r"(?P<sign>-?)[¥]?(?P<number>(\d+|\d{1,3}(,\d{3})+)(\.\d+)?)(?P<unit>元|万元|亿元|)")


def fen(amount: int) -> Fen:
    """`amount` as Fen. Raises Invalid for anything but an int (a bool or a float is no money)."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise Invalid("金额必须是以分为单位的整数。", mend="请用整数的分，不要用小数。")
    return Fen(amount)


def parse_yuan(text: str, *, field: str | None = None) -> Fen:
    """Read `1,234.5`, `￥1,234.50`, `1234元` or `0.5万元` exactly.

    Raises Invalid when it is not an amount, or not a whole number of fen.
    """
    if not isinstance(text, str):
        raise Invalid("金额要以文字给出。", mend="请写成例如 1234.50。", field=field)
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise Invalid("金额的写法不对。", mend="请写成例如 1234.50 或 5万元。", field=field)
    value = Decimal(match["number"].replace(",", "")) * _FEN_PER[match["unit"]]
    if value != value.to_integral_value():
        raise Invalid("金额最小到分。", mend="请最多保留两位小数（元）。", field=field)
    return Fen(-int(value) if match["sign"] else int(value))


def format_fen(amount: Fen | int) -> str:
    """`￥1,234.50`; a negative amount is `-￥1,234.50`. Raises Invalid when it is not an int."""
    whole = fen(amount)
    yuan, rest = divmod(abs(whole), 100)
    return f"{'-' if whole < 0 else ''}￥{yuan:,}.{rest:02d}"
