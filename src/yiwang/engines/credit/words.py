# SPDX-License-Identifier: Apache-2.0
"""The words of public credit: what sorts of information there are, how grave, what they may lead to."""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.termed import Termed


class Sort(Termed):
    """What sort of public credit information an entry of the catalogue is."""

    BASIC = "basic", "基础信息"
    PERMIT = "permit", "行政许可"
    PENALTY = "penalty", "行政处罚"
    BREACH = "breach", "失信记录"
    DISCLOSED = "disclosed", "其他行政行为"
    COMMITMENT = "commitment", "信用承诺"
    KEPT = "kept", "履约记录"
    RED = "red", "守信红名单"
    BLACK = "black", "严重失信主体名单"
    WATCH = "watch", "重点关注名单"

    @property
    def is_against(self) -> bool:
        """Whether it speaks against its subject: it can be repaired, and ends of itself."""
        return self in (Sort.PENALTY, Sort.BREACH, Sort.BLACK, Sort.WATCH)

    @property
    def is_list(self) -> bool:
        """Whether somebody is entered on a list (名单), which is told beforehand."""
        return self in (Sort.RED, Sort.BLACK, Sort.WATCH)


class Severity(StrEnum):
    """How grave what was done is (失信程度): it says how long a record is shown and used."""

    SLIGHT = "轻微"
    COMMON = "一般"
    GRAVE = "严重"


class EffectKind(Termed):
    """What a record does to a matter of its subject."""

    BAR = "bar", "限制"
    CLOSER_LOOK = "closer_look", "重点审查"
    NO_COMMITMENT = "no_commitment", "不适用告知承诺"
    NO_DEFERRAL = "no_deferral", "不适用容缺受理"
    NO_BENEFIT = "no_benefit", "限制享受政策"
    GREEN_LANE = "green_lane", "绿色通道"
    DEFER = "defer", "容缺受理"

    @property
    def is_against(self) -> bool:
        """Whether it restrains (失信惩戒); the others reward (守信激励)."""
        return self not in (EffectKind.GREEN_LANE, EffectKind.DEFER)


class Scene(StrEnum):
    """Where a measure is applied (应用场景): 逢报必查、逢办必查."""

    APPROVAL = "办件"
    BENEFIT = "惠企惠民政策"
    RESOURCES = "公共资源交易"
    INSPECTION = "监督检查"


class Dealing(StrEnum):
    """A public-resource matter before which credit is checked (逢报必查): the fields of henan-2023 L722-723
    that are no applications, and land and public money, in which the city's trading system and offices deal
    (驻政〔2018〕85号 L621)."""

    TENDER = "招标投标"
    LAND = "土地使用权出让"
    PROCUREMENT = "政府采购"
    FUNDS = "财政资金"
    QUALIFICATION = "资质审核"
    HONOURS = "评优评先"
    RESEARCH = "科研管理"


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
