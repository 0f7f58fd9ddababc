# SPDX-License-Identifier: Apache-2.0
"""What a passphrase (保护口令) must be like (《办法》第十一条), and how wrong ones are counted."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from yiwang.kernel.errors import Invalid


@dataclass(frozen=True)
class Rule:
    """`length`: characters at least; `kinds`: of how many kinds (letters, digits, signs, Chinese)."""

    length: int
    kinds: int


def check(passphrase: str, rule: Rule, *, field: str = "passphrase") -> None:
    """Raises Invalid when the passphrase does not keep the rule. The error never repeats it."""
    if len(passphrase) < rule.length or len(set(passphrase)) < rule.length // 2:
        mend = f"至少 {rule.length} 个字符，不要反复用同一个字符。"
        raise Invalid("保护口令太短或者太简单。", mend=mend, field=field)
    if len({_kind(char) for char in passphrase}) < rule.kinds:
        mend = f"小写字母、大写字母、数字、符号、汉字中至少用 {rule.kinds} 种。"
        raise Invalid("保护口令太简单。", mend=mend, field=field)


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    return category if category in ("Ll", "Lu", "Lo", "Nd") else "sign"


@dataclass(frozen=True)
class Tries:
    """How often a wrong passphrase was given in a row, and until when the key is locked."""

    wrong: int = 0
    locked_until: dt.datetime | None = None

    def is_locked(self, now: dt.datetime) -> bool:
        """Whether no passphrase is tried now, not even the right one."""
        return self.locked_until is not None and now < self.locked_until

    def after_wrong(self, now: dt.datetime, limits: Limits) -> Tries:
        """One more wrong one; at the limit the key is locked for a while and the count begins anew."""
        wrong = self.wrong + 1
        if wrong < limits.tries:
            return Tries(wrong)
        return Tries(0, now + dt.timedelta(minutes=limits.minutes))


@dataclass(frozen=True)
class Limits:
    """After `tries` wrong passphrases in a row a key is locked for `minutes`."""

    tries: int
    minutes: int
