# SPDX-License-Identifier: Apache-2.0
"""Codes: the long one in a QR picture, the short one that is read out at a window.

The long one is 256 random bits, so its plain digest cannot be turned round. The short one is eight
digits: it is kept under a slow, salted hash by the commands, and dies after a few wrong tries.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata

SHORT_DIGITS = 8
_LONG = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """A code of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_in(text: str) -> str:
    """The token in what a hand scanner typed: the address of the QR picture, or the token alone.
    Empty when there is none."""
    found = _LONG.findall(text.strip())
    return found[-1] if found else ""


def new_short_code() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**SHORT_DIGITS):0{SHORT_DIGITS}d}"


def spoken(code: str) -> str:
    """A short code in two groups, as it is shown and read out."""
    return f"{code[:4]} {code[4:]}"


def typed(text: str) -> str:
    """A short code as it was typed: full-width digits, blanks and hyphens are forgiven."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(char for char in plain if not char.isspace() and char not in "-－—")
