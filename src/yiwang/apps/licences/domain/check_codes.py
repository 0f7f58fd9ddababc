# SPDX-License-Identifier: Apache-2.0
"""The check code (查验码) printed on a licence: random, so that nobody finds a licence by trying.

16 characters of Crockford base 32, 80 random bits; written in four groups. Who types it may write
small letters, leave the hyphens out, and take O for 0, I or L for 1.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from yiwang.kernel.errors import Invalid

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_CODE = re.compile(f"[{_ALPHABET}]{{{_LENGTH}}}")
_LIKE = str.maketrans("OIL", "011")


def new_check_code() -> str:
    """A fresh code, without hyphens."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def written(code: str) -> str:
    """The code as it is printed: `XXXX-XXXX-XXXX-XXXX`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def read_check_code(text: str) -> str:
    """The code a person typed. Raises Invalid when it cannot be one."""
    plain = re.sub(r"[\s\-—－]", "", unicodedata.normalize("NFKC", text[:100])).upper().translate(_LIKE)
    if not _CODE.fullmatch(plain):
        raise Invalid("查验码应是16位字母和数字。", mend="它印在证照的二维码下面，请逐位核对。", field="code")
    return plain
