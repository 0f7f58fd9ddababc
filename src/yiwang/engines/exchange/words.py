# SPDX-License-Identifier: Apache-2.0
"""The words of sharing data (数据共享): classes, grades, libraries, cycles, masks, each with its term."""

from __future__ import annotations

from yiwang.kernel.termed import Termed


class Sharing(Termed):
    """The sharing class (共享类型): who may have a resource."""

    UNCONDITIONAL = "unconditional", "无条件共享"
    CONDITIONAL = "conditional", "有条件共享"
    NOT_SHARED = "not_shared", "不予共享"


class Grade(Termed):
    """The grade (数据分级) by GB/T 43697-2024, low to high: compare with `<`, or by `rank`.

    State secrets have no grade here: they never enter (政务数据安全管理暂行办法 第二条).
    """

    GENERAL_1 = "general_1", "一般数据1级"
    GENERAL_2 = "general_2", "一般数据2级"
    GENERAL_3 = "general_3", "一般数据3级"
    GENERAL_4 = "general_4", "一般数据4级"
    IMPORTANT = "important", "重要数据"
    CORE = "core", "核心数据"

    @property
    def rank(self) -> int:
        """0 for the lowest grade."""
        return _RANKS[self]

    def __lt__(self, other: str) -> bool:
        """Lower in the order of the standard, not of the alphabet."""
        return self.rank < Grade(other).rank

    def __le__(self, other: str) -> bool:
        """Not higher in the order of the standard."""
        return self.rank <= Grade(other).rank

    def __gt__(self, other: str) -> bool:
        """Higher in the order of the standard."""
        return self.rank > Grade(other).rank

    def __ge__(self, other: str) -> bool:
        """Not lower in the order of the standard."""
        return self.rank >= Grade(other).rank


_RANKS = {grade: place for place, grade in enumerate(Grade)}


class Library(Termed):
    """Where a resource belongs: a base library (基础库), a theme (主题库) or a department (部门库)."""

    POPULATION = "population", "人口"
    LEGAL_PERSON = "legal_person", "法人"
    CREDIT = "credit", "信用"
    GEO = "geo", "空间地理"
    THEME = "theme", "主题"
    DEPARTMENT = "department", "部门"


class Cycle(Termed):
    """How often a resource is brought up to date (更新周期)."""

    REAL_TIME = "real_time", "实时"
    DAILY = "daily", "每日"
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    QUARTERLY = "quarterly", "每季度"
    YEARLY = "yearly", "每年"
    IRREGULAR = "irregular", "不定期"


class Level(Termed):
    """Whose list a resource stands on (市、县两级政务数据资源清单)."""

    CITY = "city", "市级"
    COUNTY = "county", "县级"


class Form(Termed):
    """What a resource is kept as (资源格式)."""

    DATABASE = "database", "数据库"
    FILE = "file", "电子文件"
    MAP = "map", "图层"


class Mask(Termed):
    """How a value looks to those who were not granted the plain one (脱敏)."""

    NONE = "none", "不脱敏"
    NAME = "name", "姓名脱敏"
    ID_NUMBER = "id_number", "证件号码脱敏"
    PHONE = "phone", "电话脱敏"
    ADDRESS = "address", "地址脱敏"
    ACCOUNT = "account", "账号脱敏"
    HIDE = "hide", "不显示"


class NeedKind(Termed):
    """What a need is for (数据需求): 驻政办〔2022〕60号 names these four."""

    VERIFY = "verify", "信息核验"
    QUERY = "query", "信息查询"
    ANALYSE = "analyse", "数据分析"
    COOPERATE = "cooperate", "业务协同"
