# SPDX-License-Identifier: Apache-2.0
"""The account that money goes to: what must be right about it before anything is sent."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum import luhn

from yiwang.kernel.errors import Invalid

_DIGITS = re.compile(r"\d{8,32}")
_CARD = (16, 19)  # 银行卡号长度（GB/T 14504 一类的卡号末位是 Luhn 校验位）；对公账号没有统一的校验


@dataclass(frozen=True)
class BankAccount:
    """An account: in whose name, at which bank, its number."""

    holder: str
    bank: str
    number: str

    @property
    def masked(self) -> str:
        """The number as it is shown: its last four digits."""
        return f"**** {self.number[-4:]}"


def read_account(holder: str, bank: str, number: str, *, owner: str, personal: bool) -> BankAccount:
    """The account that somebody typed.

    Args:
        owner: the name of whom the money is for: the account must be in it.
        personal: whether the owner is a person, whose card number has a check digit.

    Raises:
        Invalid: something is wrong, with the field; the number itself is never repeated.
    """
    name, at, digits = (unicodedata.normalize("NFKC", text).strip() for text in (holder, bank, number))
    digits = re.sub(r"[\s-]", "", digits)
    if name != unicodedata.normalize("NFKC", owner).strip():
        raise Invalid("账户名和享受人的名字不一致。", mend="请填写本人（本企业）名下的账户。", field="holder")
    if not 2 <= len(at) <= 60:
        raise Invalid("没有写开户银行。", mend="例如：中国农业银行驻马店驿城支行。", field="bank")
    if not _DIGITS.fullmatch(digits):
        raise Invalid("账号应是8到32位数字。", mend="请对照银行卡或开户许可核对。", field="number")
    if personal and _CARD[0] <= len(digits) <= _CARD[1] and not luhn.is_valid(digits):
        raise Invalid("银行卡号有一位不对（校验位不符）。", mend="请对照卡面逐位核对。", field="number")
    return BankAccount(name, at, digits)
