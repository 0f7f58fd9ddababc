# SPDX-License-Identifier: Apache-2.0
"""How shared data is used (应用分析): type of a call, figures per department, the evaluation, pure.

驻政办〔2022〕60号 (公报2022年第10号 L487): 调用类型、数量、频次和应用场景, 数据应用效能综合分析评价.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log1p

from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import NeedKind, Resource

ANSWERED, REFUSED, FAILED = "answered", "refused", "failed"


def kind_of(
    resource: Resource | None,
    fields: Iterable[str],
    *,
    by_system: bool,
    for_case: bool,
    of_subject: bool,
    many: bool,
) -> NeedKind:
    """Which of the four a call was.

    协同: the platform or a system for a case. 核验: about one subject, and every item asked for besides the
    keys is a yes or no. 分析: about nobody in particular, and many rows. Else 查询.
    """
    if by_system and for_case:
        return NeedKind.COOPERATE
    if of_subject and not many and resource is not None and _only_yes_or_no(resource, fields):
        return NeedKind.VERIFY
    if many and not of_subject:
        return NeedKind.ANALYSE
    return NeedKind.QUERY


def _only_yes_or_no(resource: Resource, fields: Iterable[str]) -> bool:
    asked = [one for name in fields if (one := resource.field(name)) and not one.key]
    return bool(asked) and all(one.type is ElementType.BOOLEAN for one in asked)


@dataclass(frozen=True)
class Figures:
    """The use of a department, a resource or both in a period. `days`: days with calls. `ms`: all
    together. `scenes`: items for which data was called."""

    org: str
    resource: str = ""
    by_kind: Mapping[str, int] = field(default_factory=dict)
    calls: int = 0
    answered: int = 0
    refused: int = 0
    failed: int = 0
    rows: int = 0
    ms: int = 0
    days: frozenset[dt.date] = frozenset()
    items: frozenset[str] = frozenset()
    questions: int = 0
    documents: int = 0

    @property
    def mean_ms(self) -> int:
        """Milliseconds of a call, on average."""
        return round(self.ms / self.calls) if self.calls else 0

    def share(self, count: int) -> float:
        """A part of the calls in per cent, one decimal."""
        return round(100 * count / self.calls, 1) if self.calls else 0.0

    @property
    def answered_share(self) -> float:
        """Per cent of the calls that were answered."""
        return self.share(self.answered)

    @property
    def refused_share(self) -> float:
        """Per cent of the calls that were refused."""
        return self.share(self.refused)

    @property
    def failed_share(self) -> float:
        """Per cent of the calls that failed at the source."""
        return self.share(self.failed)

    @property
    def saved(self) -> int:
        """Questions and documents that applicants were spared."""
        return self.questions + self.documents


@dataclass(frozen=True)
class UseLine:
    """One daily sum."""

    day: dt.date
    org: str
    resource: str
    kind: str
    item: str
    outcome: str
    calls: int
    rows: int
    ms: int


def figures_of(lines: Iterable[UseLine], *, per_resource: bool = False) -> list[Figures]:
    """Daily sums added up, per department (and resource), the most used first."""
    groups: dict[tuple[str, str], list[UseLine]] = {}
    for line in lines:
        groups.setdefault((line.org, line.resource if per_resource else ""), []).append(line)
    found = [_added(org, resource, group) for (org, resource), group in groups.items()]
    return sorted(found, key=lambda one: (-one.calls, one.org, one.resource))


def _added(org: str, resource: str, lines: Sequence[UseLine]) -> Figures:
    def count(outcome: str) -> int:
        return sum(line.calls for line in lines if line.outcome == outcome)

    by_kind = {kind.value: 0 for kind in NeedKind}
    for line in lines:
        by_kind[line.kind] += line.calls
    return Figures(
        org,
        resource,
        by_kind,
        calls=sum(line.calls for line in lines),
        answered=count(ANSWERED),
        refused=count(REFUSED),
        failed=count(FAILED),
        rows=sum(line.rows for line in lines),
        ms=sum(line.ms for line in lines),
        days=frozenset(line.day for line in lines),
        items=frozenset(line.item for line in lines if line.item),
    )


@dataclass(frozen=True)
class Evaluation:
    """The evaluation of a department: each part from 0 to 100, and the weighted sum."""

    org: str
    parts: Mapping[str, float]
    score: float
    rank: int = 0


def evaluate(figures: Sequence[Figures], *, weights: Mapping[str, int], workdays: int) -> list[Evaluation]:
    """综合分析评价: the best first; equal scores share a rank.

    volume: by the logarithm, against the most. variety: of the four types. frequency: days with calls
    against the period's working days. scenes: items against the most. effect: half answered share, half
    what applicants were spared per call, against the best.
    """
    most = max((log1p(one.calls) for one in figures), default=0.0)
    scenes = max((len(one.items) for one in figures), default=0)
    spared = max((_per_call(one) for one in figures), default=0.0)
    found = []
    for one in figures:
        parts = {
            "volume": _of(log1p(one.calls), most),
            "variety": _of(sum(count > 0 for count in one.by_kind.values()), len(NeedKind)),
            "frequency": min(100.0, _of(len(one.days), workdays)),
            "scenes": _of(len(one.items), scenes),
            "effect": round((one.answered_share + _of(_per_call(one), spared)) / 2, 1),
        }
        score = round(sum(parts[name] * weight for name, weight in weights.items()) / 100, 1)
        found.append(Evaluation(one.org, parts, score))
    found.sort(key=lambda one: (-one.score, one.org))
    scores = [one.score for one in found]
    return [Evaluation(one.org, one.parts, one.score, scores.index(one.score) + 1) for one in found]


def _per_call(one: Figures) -> float:
    return one.saved / one.calls if one.calls else 0.0


def _of(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
