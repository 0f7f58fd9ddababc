# SPDX-License-Identifier: Apache-2.0
"""A letter as the public sees it: whoever committed is masked, and so is every number that names a person
(驻政办〔2021〕8号 L787: 不涉及个人隐私)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[\dXx]|1\d{10}|\d{15,19})(?![0-9A-Za-z])")
_SHOWN = 4
_LEAST = 2


def masked_words(text: str, hide: Iterable[tuple[str, str]]) -> str:
    """The words with names and numbers masked.

    Args:
        hide: (whole, masked) of what is known to name somebody; besides, whatever looks like an identity,
            telephone or account number keeps its last four digits only.
    """
    for whole, masked in hide:
        if len(whole) >= _LEAST:
            text = text.replace(whole, masked)
    return _NUMBERS.sub(lambda found: "*" * (len(found[0]) - _SHOWN) + found[0][-_SHOWN:], text)
