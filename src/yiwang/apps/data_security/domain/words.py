# SPDX-License-Identifier: Apache-2.0
"""Words of incidents, alerts and cases: kinds, stages of data, ends of an alert."""

from __future__ import annotations

from enum import StrEnum


class _Termed(StrEnum):
    """A word with its official term."""

    @property
    def term(self) -> str:
        """The official term."""
        return _TERMS[type(self).__name__, self.value]


class IncidentKind(_Termed):
    """第二十四条: a hazard, or something that happened."""

    HAZARD = "hazard"
    INCIDENT = "incident"


class Stage(_Termed):
    """第五条: the seven stages in the life of data."""

    COLLECTION = "collection"
    STORAGE = "storage"
    PROCESSING = "processing"
    USE = "use"
    TRANSMISSION = "transmission"
    PROVISION = "provision"
    OPENING = "opening"


class AlertState(_Termed):
    """How an alert was answered."""

    OPEN = "open"
    HARMLESS = "harmless"
    INCIDENT = "incident"


class GoodCaseState(_Termed):
    """How a good case (优秀案例) stands."""

    NOMINATED = "nominated"
    CHOSEN = "chosen"
    DECLINED = "declined"
    PUBLISHED = "published"


_TERMS = {
    ("IncidentKind", "hazard"): "安全隐患",
    ("IncidentKind", "incident"): "安全事件",
    ("Stage", "collection"): "收集",
    ("Stage", "storage"): "存储",
    ("Stage", "processing"): "加工",
    ("Stage", "use"): "使用",
    ("Stage", "transmission"): "传输",
    ("Stage", "provision"): "提供",
    ("Stage", "opening"): "公开",
    ("AlertState", "open"): "待处理",
    ("AlertState", "harmless"): "已说明",
    ("AlertState", "incident"): "已转安全事件",
    ("GoodCaseState", "nominated"): "已推荐",
    ("GoodCaseState", "chosen"): "已评选",
    ("GoodCaseState", "declined"): "未入选",
    ("GoodCaseState", "published"): "已发布",
}
