# SPDX-License-Identifier: Apache-2.0
"""Kinds of seals (《办法》第四条), who may hold a name seal, which papers an application needs."""

from __future__ import annotations

from enum import StrEnum

HOLDER_POSTS = ("法定代表人", "经营者", "主要负责人", "财务负责人", "授权代表人")
"""Whose name seal or post seal a unit may have (第四条第（二）项)."""


class SealKind(StrEnum):
    """The kind of a seal."""

    LEGAL_NAME = "legal-name"
    INNER_UNIT = "inner-unit"
    BRANCH = "branch"
    BUSINESS = "business"
    NAME = "name"
    POST = "post"
    SIGNATURE = "signature"

    @property
    def term(self) -> str:
        """The official Chinese term."""
        return _TERMS[self]

    @property
    def is_official(self) -> bool:
        """Whether it is an official seal (电子公章)."""
        return self in _OFFICIAL

    @property
    def has_holder(self) -> bool:
        """Whether it is one person's: a name seal (电子名章), a post seal (电子职务章)."""
        return self in (SealKind.NAME, SealKind.POST)

    @property
    def applied_for(self) -> bool:
        """Whether a unit applies for it. A personal signature is its signer's own."""
        return self is not SealKind.SIGNATURE


_OFFICIAL = {SealKind.LEGAL_NAME, SealKind.INNER_UNIT, SealKind.BRANCH, SealKind.BUSINESS}
_TERMS = {
    SealKind.LEGAL_NAME: "法定名称章",
    SealKind.INNER_UNIT: "内设机构章",
    SealKind.BRANCH: "分支机构章",
    SealKind.BUSINESS: "业务专用章",
    SealKind.NAME: "电子名章",
    SealKind.POST: "电子职务章",
    SealKind.SIGNATURE: "个人电子签名",
}


class PaperKind(StrEnum):
    """What a paper of an application proves."""

    UNIT = "unit"
    HANDLER = "handler"
    HOLDER = "holder"
    REQUEST = "request"

    @property
    def term(self) -> str:
        """The Chinese words."""
        return {
            "unit": "单位合法身份证明",
            "handler": "经办人合法身份证明",
            "holder": "持有人合法身份证明",
            "request": "书面申请",
        }[self.value]


def papers_needed(kind: SealKind) -> tuple[PaperKind, ...]:
    """The proofs of identity an application must bring (第八条): of the unit and of the handler, and
    for a name seal of its holder."""
    if kind.has_holder:
        return (PaperKind.HOLDER, PaperKind.UNIT, PaperKind.HANDLER)
    return (PaperKind.UNIT, PaperKind.HANDLER)


def needs_imprint(kind: SealKind, holder_post: str) -> bool:
    """Whether its picture must equal an imprint filed with the public security organ (第九条):
    official seals and the seal of the legal representative."""
    return kind.is_official or (kind.has_holder and holder_post == "法定代表人")
