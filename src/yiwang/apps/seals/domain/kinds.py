# SPDX-License-Identifier: Apache-2.0
"""Kinds of seals (《办法》第四条), who may hold a name seal, which papers an application needs."""

from __future__ import annotations

from yiwang.kernel.termed import Termed

HOLDER_POSTS = ("法定代表人", "经营者", "主要负责人", "财务负责人", "授权代表人")
"""Whose name seal or post seal a unit may have (第四条第（二）项)."""


class SealKind(Termed):
    """The kind of a seal."""

    LEGAL_NAME = "legal-name", "法定名称章"
    INNER_UNIT = "inner-unit", "内设机构章"
    BRANCH = "branch", "分支机构章"
    BUSINESS = "business", "业务专用章"
    NAME = "name", "电子名章"
    POST = "post", "电子职务章"
    SIGNATURE = "signature", "个人电子签名"

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


class PaperKind(Termed):
    """What a paper of an application proves."""

    UNIT = "unit", "单位合法身份证明"
    HANDLER = "handler", "经办人合法身份证明"
    HOLDER = "holder", "持有人合法身份证明"
    REQUEST = "request", "书面申请"


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
