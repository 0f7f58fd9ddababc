# SPDX-License-Identifier: Apache-2.0
"""Questions, answers and what became of them: the words the resolver and its providers share.

A *question* asks for a data element or a material about one subject, for named items, with a
purpose and a legal basis. A *provider* is one place where an answer may already be. An *answer*
carries its value or evidence and everything needed to judge it. A *look* is one glance into one
place, to be logged. A *resolution* is what became of one question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, Protocol

from yiwang.engines.rules import Value
from yiwang.kernel.actor import Actor
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Invalid
from yiwang.kernel.termed import Termed


class ProviderKind(Termed):
    """The places where an answer may be, in the fixed order in which they are asked."""

    E_LICENCE = "e_licence", "电子证照"
    SHARED_DATA = "shared_data", "数据共享"
    E_MATERIAL = "e_material", "电子材料"  # 电子材料: from an earlier case
    EARLIER_STEP = "earlier_step", "前序环节产生"  # 前序环节: an earlier step of this plan produces it
    COMMITMENT = "commitment", "告知承诺"  # 告知承诺: a commitment in place of proof
    DEFERRED = "deferred", "容缺补交"  # 容缺: accepted now, supplied later
    APPLICANT = "applicant", "申请人提供"  # 申请人

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return _RANKS[self]

    @property
    def looks_up(self) -> bool:
        """Whether asking it means looking into somebody's data kept by the government."""
        return self in (ProviderKind.E_LICENCE, ProviderKind.SHARED_DATA, ProviderKind.E_MATERIAL)


_RANKS: Final = {kind: rank for rank, kind in enumerate(ProviderKind)}
# Commitment and deferral stand in for proof only where the item's definition says so.
ORDINARY_WAYS: Final = frozenset(ProviderKind) - {ProviderKind.COMMITMENT, ProviderKind.DEFERRED}


class Asked(StrEnum):
    """What sort of thing is asked for."""

    ELEMENT = "element"  # 数据元: a value
    MATERIAL = "material"  # 材料/证照: a document


@dataclass(frozen=True, order=True)
class QuestionKey:
    """What makes two questions the same: the thing and whom it is about."""

    asked: Asked
    id: str  # of the element or material
    subject: str  # public id of the person or firm


@dataclass(frozen=True)
class Question:
    """One question. `ways` are the kinds of answer its definition allows; `anew` are licence types
    that this errand itself will issue, so that one already held is about something else and
    answers nothing (the licence of an earlier shop says nothing of the new one).

    Raises Invalid when it names no thing, subject, purpose or basis: nobody looks without them.
    """

    asked: Asked
    id: str
    subject: str
    items: tuple[str, ...]
    purpose: str
    basis: str
    ways: frozenset[ProviderKind] = ORDINARY_WAYS
    anew: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        wanted = {"编号": self.id, "主体": self.subject, "用途": self.purpose, "依据": self.basis}
        missing = "、".join(word for word, text in wanted.items() if not text.strip())
        if missing:
            raise Invalid(
                f"查询“{self.id}”缺少{missing}。", mend="请写明查什么、查谁、作何用、依据哪条规定后再查。"
            )

    @cached_property
    def key(self) -> QuestionKey:
        """What makes it the same question as another."""
        return QuestionKey(self.asked, self.id, self.subject)


class Standing(StrEnum):
    """What an answer is worth now. Only the first two can ever settle a question."""

    VALID = "valid"  # in hand
    PROMISED = "promised"  # not in hand yet: produced, supplied or signed later
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """What a provider says to one question. It counts only if :func:`judge.objection` finds none.

    `valid_until` is the last valid day; None means without end (长期), so a provider that does
    not know the end says ``Standing.UNKNOWN``. `evidence` is a public id: of a licence, a
    material, a commitment, an upload; for a promise, of the item that will produce it.
    """

    kind: ProviderKind
    standing: Standing = Standing.UNKNOWN
    value: Value = None
    source: str = ""  # in words, for the applicant: 市市场监督管理局电子证照
    basis: str = ""
    consent: str = ""  # reference of the subject's consent
    obtained_at: datetime | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Context:
    """Who asks, when (with time zone) and for which case."""

    actor: Actor
    at: datetime
    case: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise Invalid("查询时间没有时区。", mend="请给出带时区的时间。", field="at")

    @property
    def on(self) -> date:
        """The day in China on which answers must be valid."""
        return self.at.astimezone(BEIJING).date()


class Provider(Protocol):
    """A place where answers may be. `order` sorts providers of one kind; lower is asked first."""

    @property
    def kind(self) -> ProviderKind: ...

    @property
    def order(self) -> int: ...

    @property
    def name(self) -> str: ...

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        """Answer what it can, in one batch; say nothing about the rest. May raise."""
        ...


class LookOutcome(StrEnum):
    """How one look ended."""

    FOUND = "found"
    NOTHING = "nothing"
    REFUSED = "refused"  # an answer came and does not count
    FAILED = "failed"  # the provider raised or answered nonsense


@dataclass(frozen=True)
class Look:
    """One look into one place for one question; what the journal keeps. It holds no values."""

    key: QuestionKey
    items: tuple[str, ...]
    kind: ProviderKind
    provider: str
    purpose: str
    basis: str
    actor: str
    case: str
    at: datetime
    outcome: LookOutcome
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Refusal:
    """An answer that came and does not count, and why, in words for the applicant."""

    kind: ProviderKind
    provider: str
    reason: str
    evidence: str = ""


@dataclass(frozen=True)
class Resolution:
    """What became of one question. Without an answer, the applicant is asked."""

    question: Question
    answer: Answer | None = None
    refused: tuple[Refusal, ...] = field(default=())

    @property
    def kind(self) -> ProviderKind:
        """Where the answer comes from."""
        return self.answer.kind if self.answer else ProviderKind.APPLICANT

    @property
    def in_hand(self) -> bool:
        """Whether the value or the evidence is there now."""
        return self.answer is not None and self.answer.standing is Standing.VALID

    @property
    def asks_applicant(self) -> bool:
        """Whether the applicant still has to give it."""
        return self.answer is None
