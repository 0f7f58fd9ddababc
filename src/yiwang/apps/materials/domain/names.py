# SPDX-License-Identifier: Apache-2.0
"""The name a file is shown and downloaded under: a label for people, never a path."""

from __future__ import annotations

import unicodedata

LONGEST = 100
_FORBIDDEN = frozenset('<>:"|?*')
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, direction marks, surrogates and the like: what a name can deceive with."""


def safe_name(given: str, kind: str) -> str:
    """The last part of `given` without anything that acts on a screen or a file system, ending in
    the kind the content has (`执照.exe` that is a PDF becomes `执照.pdf`)."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in _NOT_SHOWN and c not in _FORBIDDEN)
    stem, dot, ending = shown.rpartition(".")
    if not (dot and ending.isascii() and ending.isalnum() and not ending.isdigit() and len(ending) <= 5):
        stem = shown  # the point belongs to the words
    stem = " ".join(stem.split()).strip(". ")[:LONGEST].strip(". ") or "文件"
    return f"{stem}.{kind}"
