# SPDX-License-Identifier: Apache-2.0
"""Letters as pages and other rooms see them. Whoever calls has decided that they may be seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from .domain.states import LetterState
from .models import Authority, Fact, Letter


@dataclass(frozen=True)
class FactView:
    """One link of the chain."""

    kind: str
    at: dt.datetime
    by_name: str
    words: str
    about: str

    @property
    def term(self) -> str:
        """What happened, in Chinese."""
        return _TERMS.get(self.kind, self.kind)


_TERMS = {
    "shown": "出示告知和承诺书",
    "signed": "签署承诺书",
    "dropped": "提交前收回",
    "counted": "随申请提交，视为已提供证明",
    "published": "承诺书向社会公开",
    "terminated": "终止凭承诺办理，按原程序办理",
    "withdrawn": "撤回承诺，按原程序办理",
    "check_opened": "列入核查",
    "exempt": "免于核查，实施日常监管",
    "looked": "核查",
    "help_asked": "请求协助核查",
    "help_given": "协助单位答复",
    "help_refused": "协助单位书面告知不能提供，说明理由",
    "kept": "核查属实",
    "untrue": "查实承诺不实",
    "mend_ordered": "责令限期整改",
    "revoked": "撤销凭承诺核发的证照",
    "suspended": "暂停凭同一承诺核发的证照",
    "penalty": "行政处罚",
    "transferred": "移送司法机关",
    "recorded": "计入信用记录",
    "mended": "整改完成",
}


@dataclass(frozen=True)
class LetterView:
    """A letter: the words that were signed, and how it stands."""

    public_id: str
    case: str
    material: str
    items: Sequence[str]
    subject: str
    agent: str
    authority: str
    version: str
    text: str
    signed_at: dt.datetime
    signed_by: str
    signature: str
    state: LetterState
    facts: Sequence[FactView]


def letters(public_ids: Collection[str]) -> Mapping[str, LetterView]:
    """Letters by public id, in a fixed number of queries."""
    wanted = set(public_ids) - {""}
    if not wanted:
        return {}
    rows = Letter.objects.filter(public_id__in=wanted).prefetch_related("facts")
    return {row.public_id: view_of(row) for row in rows}


def view_of(row: Letter) -> LetterView:
    """A letter with its chain."""
    return LetterView(
        row.public_id, row.case, row.material, tuple(row.items), row.subject, row.agent, row.authority,
        row.version, row.text, row.signed_at, row.signed_by, row.signature, LetterState(row.state),
        [_fact(one) for one in sorted(row.facts.all(), key=lambda one: one.pk)],
    )  # fmt: skip


def _fact(row: Fact) -> FactView:
    return FactView(row.kind, row.at, row.by_name, row.words, row.about)


def has_authority(case: str, material: str, agent: str) -> bool:
    """Whether this person has the special authority for this document."""
    return Authority.objects.filter(case=case, material=material, agent=agent).exists()
