# SPDX-License-Identifier: Apache-2.0
"""The life of a template: handed in, approved, hung up for download, superseded (豫数政办〔2023〕3号)."""

from __future__ import annotations

from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.termed import Termed


class TemplateLevel(Termed):
    """Whose template it is: the city's own, or the one of the whole province."""

    CITY = "city", "本市"
    PROVINCE = "province", "全省统一"


class TemplateState(Termed):
    """Where a version stands. The words of the source: 报送、审核、挂载."""

    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过，待挂载"
    PUBLISHED = "published", "在用"
    SUPERSEDED = "superseded", "已被新版代替"


_LEGAL = {
    TemplateState.SUBMITTED: {TemplateState.RETURNED, TemplateState.APPROVED},
    TemplateState.APPROVED: {TemplateState.PUBLISHED, TemplateState.RETURNED},
    TemplateState.PUBLISHED: {TemplateState.SUPERSEDED},
    TemplateState.RETURNED: set[TemplateState](),
    TemplateState.SUPERSEDED: set[TemplateState](),
}


def move(now: TemplateState, to: TemplateState) -> TemplateState:
    """The new state. Raises Conflict for a step out of order."""
    if to not in _LEGAL[now]:
        mend = "请刷新页面，看看是不是别人已经办过了。"
        raise Conflict(f"这个模板现在是“{now.term}”，不能改为“{to.term}”。", mend=mend)
    return to


def require_other_officer(handed_in_by: str, reviewer: str) -> None:
    """Raise NotAllowed when somebody would approve what they handed in themselves."""
    if handed_in_by == reviewer:
        raise NotAllowed("自己报送的模板不能自己审核。", mend="请由另一位数据管理员审核。")


def require_newer(version: int, known: int) -> None:
    """Raise Invalid unless the version is above every one that is known."""
    if version <= known:
        raise Invalid(
            f"模板的 version 是 {version}，已有第 {known} 版。",
            mend=f"请把 version 改成 {known + 1} 再报送。",
        )


def require_province_first(level: TemplateLevel, province_has_one: bool) -> None:
    """A city uses the province's template where there is one (新乡的同一工作方案 L1537–1538, 省方案 L213：
    统一名称、统一照面、统一模板). Raises Conflict for a city's own beside it."""
    if level is TemplateLevel.CITY and province_has_one:
        mend = "请直接使用下载专区里全省统一的模板；照面要改的，请向省级主管部门提出。"
        raise Conflict("这种证照已有全省统一的模板，本市不另做一套。", mend=mend)
