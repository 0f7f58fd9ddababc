# SPDX-License-Identifier: Apache-2.0
"""Find a life event, an item or a policy from a plain sentence (“我想开一家小饭馆”).

A few thousand names are searched in memory: words are cut by rjieba, widened by the synonyms of
the plain-language list (通俗化表述清单), and weighed by how rare they are. The official list of
spoken names counts most, then names, then summaries.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue

SPOKEN, NAMED, SAID = 3.0, 2.0, 1.0
NEAR = 0.1  # of the best score
PAIR = "·"  # marks a pair of characters among the words
_FILLERS = """
我 我要 我想 我家 想 要 的 了 一 一家 个 家 开个 怎么 如何 办 办理 需要
请问 在 去 给 和 吗 呢 能 可以 哪里 什么 把 是
"""
_EMPTY = frozenset(_FILLERS.split())


@dataclass(frozen=True)
class Found:
    """A search result: the kind (`life_event`, `item`, `policy`), its id, name, the words that led to it."""

    kind: str
    id: str
    name: str
    summary: str
    score: float
    matched: tuple[str, ...]


@dataclass
class _Entry:
    kind: str
    id: str
    name: str
    summary: str
    words: Counter[str] = field(default_factory=Counter)


class SearchIndex:
    """An index over one release: over what can be done there, or over its policies (`of_policies`)."""

    def __init__(self, catalogue: Catalogue, entries: Iterable[_Entry] | None = None) -> None:
        self._synonyms = _symmetric(
            synonyms for listed in catalogue.lists.values() for synonyms in _groups(listed.synonyms)
        )
        self._entries = list(_entries(catalogue) if entries is None else entries)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(self._entries):
            for word in entry.words:
                self._places[word].append(place)

    @classmethod
    def of_policies(cls, catalogue: Catalogue) -> SearchIndex:
        """An index over the policies alone: their words weigh as the rarity among policies has it."""
        return cls(catalogue, _policies(catalogue))

    def search(self, text: str, *, limit: int = 10) -> list[Found]:
        """The best entries for a sentence, best first; nothing when nothing of it is known.

        Words no list knows are tried again by their pairs of characters (排污水 finds 污水).
        Entries far below the best one are left out: they only share a common word.
        """
        return self._ranked(_cut(text[:200]), limit) or self._ranked(_pairs(text[:200]), limit)

    def _ranked(self, words: Iterable[str], limit: int) -> list[Found]:
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, list[str]] = defaultdict(list)
        for word in words:
            for said, weight in self._widened(word).items():
                for place in self._places.get(said, ()):
                    scores[place] += weight * self._entries[place].words[said] * self._rarity(said)
                    matched[place].append(said)
        found = [self._found(place, scores[place], matched[place]) for place in scores]
        enough = max((one.score for one in found), default=0.0) * NEAR
        near = [one for one in found if one.score >= enough]
        return sorted(near, key=lambda one: (-one.score, one.id))[:limit]

    def _widened(self, word: str) -> dict[str, float]:
        return {word: 1.0} | {other: 0.7 for other in sorted(self._synonyms.get(word, ())) if other != word}

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._entries) / len(self._places[word]))

    def _final(self, place: int, score: float) -> float:
        # A whole errand answers a plain question better than one of its items.
        return score * (1.25 if self._entries[place].kind == "life_event" else 1.0)

    def _found(self, place: int, score: float, matched: list[str]) -> Found:
        entry = self._entries[place]
        words = tuple(dict.fromkeys(word.removeprefix(PAIR) for word in matched))
        return Found(entry.kind, entry.id, entry.name, entry.summary, self._final(place, score), words)


def _cut(text: str) -> list[str]:
    import rjieba  # loads its dictionary: only who searches waits for it

    return [w for w in rjieba.cut_for_search(text) if w.strip() and w not in _EMPTY and w.isalnum()]


def _pairs(text: str) -> list[str]:
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return sorted(PAIR + pair for pair in pairs if pair.isalnum())


def _groups(synonyms: Mapping[str, list[str]]) -> Iterable[list[str]]:
    return ([word, *others] for word, others in synonyms.items())


def _symmetric(groups: Iterable[list[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for word in group:
            found[word].update(group)
    return found


def _entries(catalogue: Catalogue) -> Iterable[_Entry]:
    spoken: dict[str, list[str]] = defaultdict(list)
    for listed in catalogue.lists.values():
        for name in listed.names:
            spoken[name.means].append(name.says)
    for event in catalogue.life_events.values():
        entry = _Entry("life_event", event.id, event.name, event.summary)
        _weigh(entry, [*event.plain_names, *spoken[event.id]])
        yield entry
    for item in catalogue.items.values():
        entry = _Entry("item", item.id, item.name, item.summary)
        _weigh(entry, spoken[item.id])
        yield entry


def _policies(catalogue: Catalogue) -> Iterable[_Entry]:
    known: Mapping[str, Any] = catalogue.others.get("policies", {})
    for policy in known.values():
        entry = _Entry("policy", policy.id, policy.name, policy.brings)
        _weigh(entry, [])
        said = [policy.field, policy.support, *policy.conditions]
        for word in {w for text in said for w in (*_cut(text), *_pairs(text))}:
            entry.words[word] = max(entry.words[word], SAID)  # type: ignore[assignment]
        yield entry


def _weigh(entry: _Entry, spoken: Iterable[str]) -> None:
    for texts, weight in ((spoken, SPOKEN), ([entry.name], NAMED), ([entry.summary], SAID)):
        for word in {w for text in texts for w in (*_cut(text), *_pairs(text))}:
            entry.words[word] = max(entry.words[word], weight)  # type: ignore[assignment]
