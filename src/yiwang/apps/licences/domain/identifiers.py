# SPDX-License-Identifier: Apache-2.0
"""The identifier of one e-licence (电子证照标识, GB/T 36904-2018).

`1.2.156.3005.2 . type . issuer . serial . version . check`: the root of e-licences under the
national object identifiers, the 21 characters of the type (the unified credit code of the body
that defined it and a three-digit number), the credit code or division of the issuing body, a
serial number, the version in three digits, one check character (ISO 7064 MOD 37,36 over all parts
after the root, without the points). The text of the standard was not at hand; structure and check
character were taken from published identifiers and are tried against three of them in the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.iso7064 import mod_37_36

from yiwang.kernel.errors import Invalid

ROOT = "1.2.156.3005.2"
TYPE_CODE = r"[0-9A-Z]{18}\d{3}"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PART = re.compile(r"[0-9A-Z]+")
_MOST_SERIAL = 50
_MOST_VERSION = 999


@dataclass(frozen=True)
class Identifier:
    """The parts of an identifier."""

    type_code: str
    issuer: str
    serial: str
    version: int

    def __str__(self) -> str:
        body = f"{self.type_code}.{self.issuer}.{self.serial}.{self.version:03d}"
        return f"{ROOT}.{body}.{check_character(body)}"


def make_identifier(*, type_code: str, issuer: str, serial: str, version: int = 1) -> Identifier:
    """An identifier of checked parts. `serial` may carry signs of a Chinese licence number: only its
    letters and digits count. Raises Invalid when a part cannot be one."""
    plain = "".join(char for char in serial.upper() if char in _ALPHABET)
    if not re.fullmatch(TYPE_CODE, type_code):
        raise Invalid("证照类型代码应为21位：18位统一社会信用代码加3位顺序号。", mend="请核对证照类型目录。")
    if not _PART.fullmatch(issuer):
        raise Invalid("证照颁发机构代码只能用数字和大写字母。", mend="请核对发证机构的统一社会信用代码。")
    if not plain or len(plain) > _MOST_SERIAL:
        raise Invalid("证照流水号要有1到50位数字或字母。", mend="请核对证照编号。")
    if not 1 <= version <= _MOST_VERSION:
        raise Invalid("证照版本号应在1到999之间。", mend="请核对证照变更次数。")
    return Identifier(type_code, issuer, plain, version)


def parse_identifier(text: str) -> Identifier:
    """The parts of a written identifier. Raises Invalid: another root, a part missing, a wrong check."""
    parts = text.strip().removeprefix(f"{ROOT}.").split(".")
    if not text.strip().startswith(f"{ROOT}.") or len(parts) != 5 or not parts[3].isdecimal():
        raise Invalid("这不是电子证照标识。", mend=f"应以 {ROOT} 开头，后面有五段。")
    found = make_identifier(type_code=parts[0], issuer=parts[1], serial=parts[2], version=int(parts[3]))
    if str(found) != text.strip():
        raise Invalid("电子证照标识的校验位对不上。", mend="其中有一位不对，请逐位核对。")
    return found


def check_character(body: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over the letters and digits of `body`."""
    return str(mod_37_36.calc_check_digit(body.replace(".", "")))
