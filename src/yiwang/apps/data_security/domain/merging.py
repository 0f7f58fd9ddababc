# SPDX-License-Identifier: Apache-2.0
"""What is alike becomes one alert with a count; what is too much for one unit becomes one more.

Pure: what stands, what was found, what to write. The gravest come first, so that a flood hides none of
them behind lesser ones.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from yiwang.engines.exchange.unusual import Finding, Unusual

_REST = "rest"
MANY = "多个调用方"


@dataclass(frozen=True)
class Who:
    """A caller."""

    kind: str
    caller: str
    org: str
    name: str = ""


@dataclass(frozen=True)
class Standing:
    """The newest alert of a topic: whether it is open, what was counted in it (piece → level)."""

    topic: str
    is_open: bool
    generation: int
    pieces: Mapping[str, int]
    kind: Unusual
    day: dt.date
    first: dt.datetime
    last: dt.datetime
    sentence: str
    figures: Mapping[str, int]

    @property
    def is_rest(self) -> bool:
        """Whether it stands for many callers."""
        return self.topic.startswith(_REST)


@dataclass(frozen=True)
class Merged(Standing):
    """An alert as it is to be written. `tell`: whether it is new, or has doubled."""

    who: Who
    resource: str
    case: str
    tell: bool
    is_new: bool


Found = tuple[Who, dt.date, Finding]


def merge(found: Iterable[Found], standing: Iterable[Standing], *, most: int) -> list[Merged]:
    """What to write of one unit's findings, given the newest alert of each topic; gravest first.

    Args:
        most: how many alerts of one kind and day stand for a single caller; the rest are one.
    """
    known = {one.topic: one for one in standing}
    single = Counter((one.kind, one.day) for one in known.values() if not one.is_rest)
    groups: dict[str, list[Found]] = {}
    for one in sorted(found, key=_gravest):
        who, day, finding = one
        topic = _topic(who, day, finding)
        if topic not in known and topic not in groups:
            if single[finding.kind, day] >= most:
                topic = f"{_REST}:{finding.kind.value}:{day}"
            else:
                single[finding.kind, day] += 1
        groups.setdefault(topic, []).append(one)
    merged = (_merged(topic, group, known.get(topic)) for topic, group in groups.items())
    return [one for one in merged if one is not None]


def _gravest(one: Found) -> tuple[object, ...]:
    who, day, finding = one
    return (-finding.level, finding.kind.value, day, who.kind, who.caller, finding.about)


def _topic(who: Who, day: dt.date, finding: Finding) -> str:
    """What is alike: one caller, one day, one kind, one resource; calls and rows are told apart."""
    apart = finding.about if finding.kind is Unusual.VOLUME else finding.resource
    return ":".join([finding.kind.value, who.kind, who.caller, str(day), apart])


def _piece(one: Found) -> str:
    """A short digest: what it is about may hold a number."""
    who, _, finding = one
    return sha256(f"{who.kind}:{who.caller}:{finding.about}".encode()).hexdigest()[:16]


def _merged(topic: str, group: Sequence[Found], known: Standing | None) -> Merged | None:
    """One alert of all that is alike; None where it was answered and is no graver, or nothing changed."""
    before = known.pieces if known else {}
    goes_on = known is not None and known.is_open
    if known is not None and not goes_on:
        group = [one for one in group if one[2].level > before.get(_piece(one), -1)]
    if not group:
        return None
    pieces = dict(before) if goes_on else {}
    for one in group:
        piece = _piece(one)
        pieces[piece] = max(pieces.get(piece, -1), one[2].level)
    who, day, lead = group[0]
    sentence = _sentence(topic, lead, pieces, known if goes_on else None)
    if known is not None and goes_on and (sentence, pieces) == (known.sentence, known.pieces):
        return None
    is_rest = topic.startswith(_REST)
    spans = [(one[2].first, one[2].last) for one in group]
    spans += [(known.first, known.last)] if known is not None and goes_on else []
    return Merged(
        topic=topic,
        is_open=True,
        generation=known.generation + (not goes_on) if known else 0,
        pieces=pieces,
        kind=lead.kind,
        day=day,
        first=min(first for first, _ in spans),
        last=max(last for _, last in spans),
        sentence=sentence,
        figures=dict(lead.figures) | ({"findings": len(pieces)} if len(pieces) > 1 else {}),
        who=Who("", "", who.org, MANY) if is_rest else who,
        resource="" if is_rest else lead.resource,
        case="" if is_rest else lead.case,
        tell=not goes_on or _doubled(before, pieces),
        is_new=not goes_on,
    )


def _doubled(before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    """Whether the gravest is graver than before, or there are twice as many."""
    graver = max(now.values()) > max(before.values(), default=-1)
    return graver or len(now).bit_length() > len(before).bit_length()


_ALIKE = "当天同类情况共"


def _sentence(topic: str, lead: Finding, pieces: Mapping[str, int], known: Standing | None) -> str:
    """The gravest finding in its words, and how many are like it."""
    if topic.startswith(_REST):
        return f"当天还有{len(pieces)}起同类情况，没有逐条提示；请在操作日志里按调用方逐个查看。"
    said = lead.sentence
    if known is not None and max(known.pieces.values(), default=-1) > lead.level:
        said = known.sentence.partition(_ALIKE)[0]
    return f"{said}{_ALIKE}{len(pieces)}处。" if len(pieces) > 1 else said
