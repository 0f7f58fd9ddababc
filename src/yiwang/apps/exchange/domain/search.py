# SPDX-License-Identifier: Apache-2.0
"""Plain search over a few hundred catalogue entries: every word must stand in an entry; when none has
them all, those with most of the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

_Some = TypeVar("_Some")
LONGEST = 100
"""Characters of a question that are read."""


def words_of(text: str) -> list[str]:
    """The words somebody typed, cut at blanks and punctuation."""
    return [word.casefold() for word in re.split(r"[\s,，、。;；:：/|]+", text[:LONGEST]) if word]


def found(text: str, entries: Iterable[tuple[_Some, str, str]]) -> list[_Some]:
    """The entries (thing, its name, everything written of it) that answer `text`, best first.

    A word in the name counts more than one elsewhere. Nothing typed: all, in the order given.
    """
    known = [(thing, name.casefold(), written.casefold()) for thing, name, written in entries]
    words = words_of(text)
    if not words:
        return [thing for thing, _, _ in known]
    return _ranked(words, known, needed=len(words)) or _ranked(_cut(words), known, needed=1)


def _ranked(words: Sequence[str], known: Sequence[tuple[_Some, str, str]], *, needed: int) -> list[_Some]:
    scored = []
    for place, (thing, name, written) in enumerate(known):
        hits = sum(word in written or word in name for word in words)
        if hits >= needed:
            scored.append((-hits, -sum(word in name for word in words), place, thing))
    best = min((each[0] for each in scored), default=0)
    return [each[3] for each in sorted(scored, key=lambda one: one[:3]) if each[0] * 2 <= best]


def _cut(words: Sequence[str]) -> list[str]:
    import rjieba  # loads its dictionary: only who searches waits for it

    cut = (piece for word in words for piece in rjieba.cut_for_search(word))
    return list(dict.fromkeys(piece for piece in cut if len(piece) > 1))
