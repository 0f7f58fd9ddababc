# SPDX-License-Identifier: Apache-2.0
"""Text that people type: what no database keeps and nobody means to send."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether a database can keep it: no null byte, no half of a character."""
    return not _UNSTORABLE.search(text)


def is_plain(text: str) -> bool:
    """Whether it has no control characters but line ends and tabs."""
    return not _INVISIBLE.search(text)
