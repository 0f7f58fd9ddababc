# SPDX-License-Identifier: Apache-2.0
"""The notice and the letter: the words somebody reads and signs instead of handing in a proof.

The text is made from the definitions. It has what 驻政办〔2021〕8号 asks of a notice (L769) and of a letter
(L771), and nothing else; its digest is kept with the letter, so that the words shown can be proven.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yiwang.engines.definitions import words
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.kinds.items import MaterialUse
from yiwang.engines.definitions.kinds.standing_in import Commitment

from .settings import ADMINISTRATIVE, CHECKING, CIVIL, CRIMINAL, LETTER, WAY


@dataclass(frozen=True)
class CommitmentText:
    """What is shown and signed. `version` is the SHA-256 of the words; `agent_may`: by law somebody else
    may commit for the applicant (特别授权)."""

    material: str
    title: str
    words: str
    items: tuple[str, ...] = ()
    agent_may: bool = False

    @property
    def version(self) -> str:
        """The digest that names these very words."""
        return hashlib.sha256(self.words.encode()).hexdigest()


def commitment_text(catalogue: Catalogue, material: str, items: Sequence[str]) -> CommitmentText | None:
    """The text for a material that these items need; None when one of them takes no commitment.

    Raises Unavailable when the release lacks a part of the notice.
    """
    asked = [
        (item, use) for item in items for use in catalogue.items[item].materials if use.material == material
    ]
    uses = [(item, use, use.commitment) for item, use in asked if use.commitment is not None]
    if not uses or len(uses) < len(asked):
        return None
    name = catalogue.materials[material].name
    agent_may = all(commitment.agent_may for _, _, commitment in uses)
    text = "\n".join(
        [
            "一、告知",
            f"1. 证明事项名称：{name}（{_each(c.list_entry for _, _, c in uses)}）。",
            f"2. 设定依据：{_each(_basis(catalogue, item, use) for item, use, _ in uses)}。",
            f"3. 证明内容：{_each(c.proves for _, _, c in uses)}。",
            f"4. 承诺方式：{words(catalogue, WAY)}{_agent_words(agent_may)}",
            f"5. 不实承诺可能承担的责任。民事责任：{words(catalogue, CIVIL)}"
            f"行政责任：{words(catalogue, ADMINISTRATIVE)}刑事责任：{words(catalogue, CRIMINAL)}",
            f"6. 行政机关核查权力：{words(catalogue, CHECKING)}{_each(_checked(c) for _, _, c in uses)}。",
            f"7. 承诺书是否公开：{_each(_public(c) for _, _, c in uses)}。",
            "二、承诺",
            words(catalogue, LETTER),
        ]
    )
    return CommitmentText(
        material, f"“{name}”告知承诺书", text, tuple(item for item, _, _ in uses), agent_may
    )


def authority_words(name: str, agent: str, text: CommitmentText, on: dt.date) -> str:
    """The letter of special authority (特别授权书): who lets whom commit for which proof, and what follows.

    Args:
        name: whose proof it is; agent: who may commit for them. Whoever reads it knows both.
    """
    return (
        f"特别授权书\n{name}特别授权{agent}，就{text.title}代为阅读告知、作出并签署承诺。"
        f"承诺的法律责任由授权人承担。只对这一份申请、这一项证明有效。\n授权日期：{on:%Y年%m月%d日}"
    )


def _each(several: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(one.rstrip("。；") for one in several))


def _basis(catalogue: Catalogue, item: str, use: MaterialUse) -> str:
    cites = [use.cite, *([use.commitment.cite] if use.commitment else [])]
    bases = dict.fromkeys(cite_words(catalogue, one) for one in cites)
    return f"办理“{catalogue.items[item].name}”，{'，'.join(bases)}"


def _agent_words(agent_may: bool) -> str:
    if agent_may:
        return "可以由经办人代为承诺，经办人要有申请人的特别授权。"
    return "要由申请人本人（单位由法定代表人）承诺，不能由他人代为承诺。"


def _checked(commitment: Commitment) -> str:
    check = commitment.check
    if check.within is None:
        return f"这一项免于核查，实施日常监管；标准：{check.standard}"
    which = "抽取一部分核查" if check.share else "逐件核查"
    return f"作出决定后{duration_words(check.within)}内{which}；标准：{check.standard}"


def _public(commitment: Commitment) -> str:
    if commitment.public is None:
        return "不公开"
    return f"公开；范围：{commitment.public.scope}；时限：公开{duration_words(commitment.public.shown)}"
