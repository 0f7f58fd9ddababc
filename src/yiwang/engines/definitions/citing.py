# SPDX-License-Identifier: Apache-2.0
"""Sources and durations as people read them.

A citation's `at` may hold lines of the gazette's full text (L607–609): they let a developer find the words,
and stay in definitions and JSON. On a page, in a notice or on paper stands what the document itself has:
its title, its number, and the article or the headed part the lines are in (`Source.parts`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from .kinds import Citation, Duration, Source
from .kinds.base import SourceKind, Unit, line_span

_LINES = re.compile(r"(?:[a-z]+-\d{4}(?:-\d+)? )?L\d+(?:[-–—]L?\d+)?")
_WHOLE = frozenset({"全文", "各文件责任单位", "各条责任单位"})
"""What `at` says where the document as a whole is meant."""
_NUMBER = re.compile(r"(第|附).*|[（）一二三四五六七八九十百、0-9.]+")
_IN_TITLE, _IN_QUOTES = str.maketrans("《》", "〈〉"), str.maketrans("“”", "‘’")


class Cited(Protocol):
    """What knows the source documents: a catalogue, the book of credit."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The documents by id."""


def cite_words(known: Cited, cite: Citation) -> str:
    """A citation as an official document has it: 《名称》（文号）第X条; never a line number."""
    source, place = known.sources.get(cite.doc), place_words(cite)
    if source is None:
        return f"{cite.doc}{place}"
    if source.kind is SourceKind.SETTING:
        return source.name if cite.at == source.name else f"{source.name}（{cite.at}）"
    printed = _printed(known, source.id, cite.at) if source.kind is SourceKind.GAZETTE else {}
    if not printed:
        return _title(known, source) + (place or _part(source, cite.at))
    return "、".join(_title(known, one) + (place or _part(one, at)) for one, at in printed.values())


def place_words(cite: Citation) -> str:
    """The place in the document as people look it up; "" when only lines of the full text are known."""
    return _place(cite.at)


def quoted_words(known: Cited, cite: Citation) -> str:
    """A citation with the words it quotes: 《名称》第X条：“……”."""
    return cite_words(known, cite) + (f"：“{cite.quote}”" if cite.quote else "")


@lru_cache(maxsize=4096)
def _place(at: str) -> str:
    words = _LINES.sub("", at).strip("、，, ")
    if not words or words in _WHOLE:
        return ""
    return _heading(words)


def _heading(words: str) -> str:
    """An article or a bare number as it is, a heading in quotation marks."""
    return words if _NUMBER.fullmatch(words) else f"“{words.translate(_IN_QUOTES)}”"


@lru_cache(maxsize=4096)
def _starts(at: str) -> tuple[int, ...]:
    return tuple(line_span(found)[0] for found in _LINES.findall(at))


def _title(known: Cited, source: Source) -> str:
    """《title》（number）; without a number the gazette that printed it goes before."""
    if source.kind is SourceKind.GAZETTE:
        return source.name + (f"（{source.number}）" if source.number else "")
    name = source.name if source.name.startswith("《") else f"《{source.name.translate(_IN_TITLE)}》"
    if source.number:
        return f"{name}（{source.number}）"
    gazette = known.sources.get(source.printed_in.doc) if source.printed_in else None
    return f"{gazette.name}{name}" if gazette else name


def _part(source: Source, at: str) -> str:
    """The headed part of the document the first cited line is in."""
    for start in _starts(at)[:1]:
        for lines, name in source.parts.items():
            first, last = line_span(lines)
            if first <= start <= last:
                return _heading(name)
    return ""


def _printed(known: Cited, gazette: str, at: str) -> dict[str, tuple[Source, str]]:
    """The documents of a gazette its cited lines stand in, each with the first line that is meant."""
    found: dict[str, tuple[Source, str]] = {}
    for start in _starts(at):
        for one in known.sources.values():
            if one.printed_in is None or one.printed_in.doc != gazette:
                continue
            first, last = line_span(one.printed_in.at)
            if first <= start <= last:
                found.setdefault(one.id, (one, f"L{start}"))
    return found


def duration_words(duration: Duration) -> str:
    """10个工作日, 0.5个工作日, 30日."""
    days = format(duration.days.normalize(), "f")
    return f"{days}个工作日" if duration.unit is Unit.WORKING else f"{days}日"
