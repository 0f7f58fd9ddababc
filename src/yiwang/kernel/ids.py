# SPDX-License-Identifier: Apache-2.0
"""Identity numbers of people (GB 11643) and firms (GB 32100), their masks, and public ids.

No error of this module repeats the number: it says which digits are wrong. `python-stdnum`
checks firms; people are checked here, because it refuses real numbers whose area code is
younger than the birth, and those of residence permits (81, 82, 83) and of the permanent
residence card for foreigners (9…).
"""

from __future__ import annotations

import re
import secrets
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stdnum.cn import uscc as _uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from yiwang.kernel.areas import province_of
from yiwang.kernel.errors import Invalid

__all__ = [
    "IdKind",
    "IdNumber",
    "Sex",
    "check_id_number",
    "check_uscc",
    "make_id_number",
    "make_uscc",
    "mask_id_number",
    "mask_name",
    "mask_phone",
    "new_public_id",
]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643: 2^(18-i) mod 11
_CHECKS = "10X98765432"
_OLDEST = 150  # years: an older birth is a typing error
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [one + other for one in _CROCKFORD for other in _CROCKFORD]


class IdKind(StrEnum):
    """Which document the number is of."""

    RESIDENT = "resident"  # 居民身份证
    HONG_KONG = "hong_kong"  # 港澳台居民居住证（香港）
    MACAU = "macau"  # 港澳台居民居住证（澳门）
    TAIWAN = "taiwan"  # 港澳台居民居住证（台湾）
    FOREIGNER = "foreigner"  # 外国人永久居留身份证


_KINDS = {"81": IdKind.HONG_KONG, "82": IdKind.MACAU, "83": IdKind.TAIWAN}


class Sex(StrEnum):
    """What the sequence number says."""

    MALE = "男"
    FEMALE = "女"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A sound number and what it tells. `area` is a hint only: people move, codes change."""

    number: str = field(repr=False)  # normalised: 18 characters, capital X
    kind: IdKind
    birth: date
    sex: Sex
    area: str  # 省级行政区, empty when the prefix is not in the list

    @property
    def masked(self) -> str:
        """The number fit to be shown."""
        return mask_id_number(self.number)


def check_id_number(text: str, *, today: date, field: str | None = None) -> IdNumber:
    """The identity number in `text` (blanks, full-width digits and a small x are forgiven).

    Raises Invalid saying what is wrong: the length, a character, the birth date, the check digit.
    """
    number = _plain(text)
    _check_length(number, field)
    for place, char in enumerate(number, start=1):
        if not (char in "0123456789" or (char == "X" and place == 18)):
            raise Invalid(
                f"身份证号码第{place}位不是数字。", mend="请核对；只有最后一位可以是X。", field=field
            )
    birth = _birth(number, today, field)
    if number[17] != _check_digit(number):
        raise Invalid(
            "身份证号码的最后一位（校验码）与前17位对不上。",
            mend="其中有一位输错了，请逐位核对。",
            field=field,
        )
    kind = IdKind.FOREIGNER if number[0] == "9" else _KINDS.get(number[:2], IdKind.RESIDENT)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    area = province_of(number[1:3] if kind is IdKind.FOREIGNER else number[:2])
    return IdNumber(number, kind, birth, sex, area)


def check_uscc(text: str, *, field: str | None = None) -> str:
    """The unified social credit code in `text`, normalised. Raises Invalid saying what is wrong."""
    number = _plain(text)
    try:
        return str(_uscc.validate(number))
    except InvalidLength:
        why = f"统一社会信用代码应为18位，现在是{len(number)}位。"
    except InvalidFormat:
        why = "统一社会信用代码里有不该出现的字符：前8位是数字，其余不用字母I、O、Z、S、V。"
    except InvalidChecksum:
        why = "统一社会信用代码的最后一位（校验码）对不上，其中有一位输错了。"
    raise Invalid(why, mend="请对照营业执照逐位核对。", field=field)


# -- telephone numbers

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")


def check_phone(number: str, *, field: str | None = None) -> str:
    """A mobile number or a landline with its area code, without the signs people put between the
    digits. Raises Invalid saying what to write."""
    plain = re.sub(r"[\s()（）-]", "", unicodedata.normalize("NFKC", number)).removeprefix("+86")
    if not (_MOBILE.fullmatch(plain) or _LANDLINE.fullmatch(plain)):
        raise Invalid(
            "电话号码不对。", mend="请填11位手机号，或者带区号的座机号，例如 0396-2345678。", field=field
        )
    return plain


# -- masks: what may be shown on a page, a list, a letter


def mask_id_number(number: str) -> str:
    """`4117************3X`: the province and city, the last two; a short text is hidden whole."""
    plain = _plain(number)
    if len(plain) < 10:
        return "*" * len(plain)
    return f"{plain[:4]}{'*' * (len(plain) - 6)}{plain[-2:]}"


def mask_phone(number: str) -> str:
    """`138****5678`; a short number is hidden whole."""
    plain = _plain(number)
    if len(plain) < 8:
        return "*" * len(plain)
    return f"{plain[:3]}{'*' * (len(plain) - 7)}{plain[-4:]}"


def mask_name(name: str) -> str:
    """`王*`, `王*明`: the first character, and the last of three or more."""
    plain = name.strip()
    if len(plain) < 2:
        return "*" * len(plain)
    if len(plain) == 2:
        return f"{plain[0]}*"
    return f"{plain[0]}{'*' * (len(plain) - 2)}{plain[-1]}"


# -- numbers for made-up people and firms


def make_id_number(area: str, birth: date, serial: int) -> str:
    """A number with a valid check digit, for synthetic data. Raises Invalid for bad parts."""
    if len(area) != 6 or not area.isascii() or not area.isdigit() or not 0 <= serial <= 999:
        raise Invalid("造数参数不对。", mend="区划代码为6位数字，顺序码为0到999。")
    body = f"{area}{birth:%Y%m%d}{serial:03d}"
    return body + _check_digit(body)


def make_uscc(area: str, serial: int, *, registry: str = "91") -> str:
    """A code with valid check digits, for synthetic data. Raises Invalid for bad parts."""
    digits = area + registry
    if len(area) != 6 or len(registry) != 2 or not digits.isascii() or not digits.isdigit():
        raise Invalid("造数参数不对。", mend="区划代码为6位数字，登记类别为2位数字。")
    if not 0 <= serial <= 99_999_999:
        raise Invalid("造数参数不对。", mend="顺序码最多8位。")
    organisation = f"{serial:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(organisation, _ORG_WEIGHTS, strict=True))
    body = f"{registry}{area}{organisation}{'0123456789X0'[(11 - total % 11) % 11]}"
    return body + str(_uscc.calc_check_digit(body))


# -- public ids


class _Clock:
    """Milliseconds and 80 random bits; within a millisecond the number only grows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        fresh = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        with self._lock:
            if fresh >> 80 <= self._last >> 80:
                fresh = self._last + 1 + secrets.randbits(32)
            self._last = fresh
            return fresh


_clock = _Clock()


def new_public_id(prefix: str) -> str:
    """`case_01jc…`: sortable by time within a process, fit for a URL, telling nothing of a person.

    26 characters of Crockford base 32 (48 bits of milliseconds, 80 random ones). Raises Invalid
    for a prefix that is not lower-case letters.
    """
    if not (prefix.isascii() and prefix.isalpha() and prefix.islower()):
        raise Invalid("编号前缀不对。", mend="前缀只用小写字母。")
    value = _clock.next()
    digits = "".join([_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])
    return f"{prefix}_{digits}"


# -- inside


def _plain(text: str) -> str:
    if (raw := str(text)).isascii() and raw.isalnum():
        return raw.upper()
    folded = unicodedata.normalize("NFKC", str(text)).upper()
    return "".join(char for char in folded if not char.isspace() and char != "-")


def _check_length(number: str, field: str | None) -> None:
    if len(number) == 15 and number.isascii() and number.isdigit():
        raise Invalid("15位的旧号码已经停用。", mend="请填写现行居民身份证上的18位号码。", field=field)
    if len(number) == 15 and number[:3].isalpha():
        raise Invalid(
            "这是旧版外国人永久居留身份证号码。", mend="请换领新版（18位）后再填，或到窗口办理。", field=field
        )
    if len(number) != 18:
        raise Invalid(
            f"身份证号码应为18位，现在是{len(number)}位。", mend="请对照证件逐位核对。", field=field
        )


def _birth(number: str, today: date, field: str | None) -> date:
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Invalid(
            "身份证号码第7至14位（出生日期）不是一个存在的日期。", mend="请核对这8位。", field=field
        ) from None
    if birth > today:
        raise Invalid("身份证号码第7至14位（出生日期）在今天之后。", mend="请核对这8位。", field=field)
    if today.year - birth.year > _OLDEST:
        raise Invalid("身份证号码第7至10位（出生年份）太早。", mend="请核对这4位。", field=field)
    return birth


def _check_digit(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11]
