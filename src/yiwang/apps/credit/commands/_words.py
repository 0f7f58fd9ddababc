# SPDX-License-Identifier: Apache-2.0
"""Words somebody must give: reasons, what is wrong, what was done."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid

MOST_WORDS = 1_000
_LEAST_WORDS = 5


def said(words: str, field: str = "words") -> str:
    """Words that say something. Raises Invalid."""
    plain = words.strip()
    if not _LEAST_WORDS <= len(plain) <= MOST_WORDS:
        raise Invalid("请写明情况和理由。", mend=f"{_LEAST_WORDS}到{MOST_WORDS}个字。", field=field)
    return plain
