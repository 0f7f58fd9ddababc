# SPDX-License-Identifier: Apache-2.0
"""Words of incidents, alerts and cases: kinds, stages of data, ends of an alert."""

from __future__ import annotations

from yiwang.kernel.termed import Termed


class IncidentKind(Termed):
    """第二十四条: a hazard, or something that happened."""

    HAZARD = "hazard", "安全隐患"
    INCIDENT = "incident", "安全事件"


class Stage(Termed):
    """第五条: the seven stages in the life of data."""

    COLLECTION = "collection", "收集"
    STORAGE = "storage", "存储"
    PROCESSING = "processing", "加工"
    USE = "use", "使用"
    TRANSMISSION = "transmission", "传输"
    PROVISION = "provision", "提供"
    OPENING = "opening", "公开"


class AlertState(Termed):
    """How an alert was answered."""

    OPEN = "open", "待处理"
    HARMLESS = "harmless", "已说明"
    INCIDENT = "incident", "已转安全事件"


class GoodCaseState(Termed):
    """How a good case (优秀案例) stands."""

    NOMINATED = "nominated", "已推荐"
    CHOSEN = "chosen", "已评选"
    DECLINED = "declined", "未入选"
    PUBLISHED = "published", "已发布"
