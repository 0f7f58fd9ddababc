# SPDX-License-Identifier: Apache-2.0
"""The words of public credit: what sorts of information there are, how grave, what they may lead to."""

from __future__ import annotations

from enum import StrEnum


class Sort(StrEnum):
    """What sort of public credit information an entry of the catalogue is."""

    BASIC = "basic"
    PERMIT = "permit"
    PENALTY = "penalty"
    BREACH = "breach"
    DISCLOSED = "disclosed"
    COMMITMENT = "commitment"
    KEPT = "kept"
    RED = "red"
    BLACK = "black"
    WATCH = "watch"

    @property
    def term(self) -> str:
        """The official Chinese term."""
        return _SORTS[self]

    @property
    def is_against(self) -> bool:
        """Whether it speaks against its subject: it can be repaired, and ends of itself."""
        return self in (Sort.PENALTY, Sort.BREACH, Sort.BLACK, Sort.WATCH)

    @property
    def is_list(self) -> bool:
        """Whether somebody is entered on a list (名单), which is told beforehand."""
        return self in (Sort.RED, Sort.BLACK, Sort.WATCH)


_SORTS = {
    Sort.BASIC: "基础信息",
    Sort.PERMIT: "行政许可",
    Sort.PENALTY: "行政处罚",
    Sort.BREACH: "失信记录",
    Sort.DISCLOSED: "其他行政行为",
    Sort.COMMITMENT: "信用承诺",
    Sort.KEPT: "履约记录",
    Sort.RED: "守信红名单",
    Sort.BLACK: "严重失信主体名单",
    Sort.WATCH: "重点关注名单",
}


class Severity(StrEnum):
    """How grave what was done is (失信程度): it says how long a record is shown and used."""

    SLIGHT = "轻微"
    COMMON = "一般"
    GRAVE = "严重"


class EffectKind(StrEnum):
    """What a record does to a matter of its subject."""

    BAR = "bar"
    CLOSER_LOOK = "closer_look"
    NO_COMMITMENT = "no_commitment"
    NO_BENEFIT = "no_benefit"
    GREEN_LANE = "green_lane"
    DEFER = "defer"

    @property
    def term(self) -> str:
        """The official Chinese term."""
        return _EFFECTS[self]

    @property
    def is_against(self) -> bool:
        """Whether it restrains (失信惩戒); the others reward (守信激励)."""
        return self not in (EffectKind.GREEN_LANE, EffectKind.DEFER)


_EFFECTS = {
    EffectKind.BAR: "限制",
    EffectKind.CLOSER_LOOK: "重点审查",
    EffectKind.NO_COMMITMENT: "不适用告知承诺",
    EffectKind.NO_BENEFIT: "限制享受政策",
    EffectKind.GREEN_LANE: "绿色通道",
    EffectKind.DEFER: "容缺受理",
}


class Scene(StrEnum):
    """Where a measure is applied (应用场景): 逢报必查、逢办必查."""

    APPROVAL = "办件"
    BENEFIT = "惠企惠民政策"
    RESOURCES = "公共资源交易"
    INSPECTION = "监督检查"


class Way(StrEnum):
    """What somebody did to repair (修复方式); the six named by the city's own rules, and mending itself."""

    MENDED = "纠正失信行为、履行义务"
    PERFORMED = "按时履约"
    DEFERRED = "申请延期"
    EXPLAINED = "自主解释"
    VOLUNTEERED = "志愿服务"
    DONATED = "慈善捐助"
    AFTERWARDS = "事后主动履约"


class Proof(StrEnum):
    """What a condition of a repair asks for."""

    MENDED = "mended"
    SHOWN = "shown"
    PROMISE = "promise"
    TRAINING = "training"
    OTHER = "other"
