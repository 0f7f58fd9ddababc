# SPDX-License-Identifier: Apache-2.0
"""The words of sharing data (数据共享): classes, grades, libraries, cycles, masks, each with its term."""

from __future__ import annotations

from enum import StrEnum


class Sharing(StrEnum):
    """The sharing class (共享类型): who may have a resource."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_SHARED = "not_shared"

    @property
    def term(self) -> str:
        """The official word."""
        return {
            Sharing.UNCONDITIONAL: "无条件共享",
            Sharing.CONDITIONAL: "有条件共享",
            Sharing.NOT_SHARED: "不予共享",
        }[self]


class Grade(StrEnum):
    """The grade (数据分级) by GB/T 43697-2024, low to high: compare with `<`, or by `rank`.

    State secrets have no grade here: they never enter (政务数据安全管理暂行办法 第二条).
    """

    GENERAL_1 = "general_1"
    GENERAL_2 = "general_2"
    GENERAL_3 = "general_3"
    GENERAL_4 = "general_4"
    IMPORTANT = "important"
    CORE = "core"

    @property
    def rank(self) -> int:
        """0 for the lowest grade."""
        return _RANKS[self]

    @property
    def term(self) -> str:
        """The official word."""
        return ("一般数据1级", "一般数据2级", "一般数据3级", "一般数据4级", "重要数据", "核心数据")[self.rank]

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


class Library(StrEnum):
    """Where a resource belongs: a base library (基础库), a theme (主题库) or a department (部门库)."""

    POPULATION = "population"
    LEGAL_PERSON = "legal_person"
    CREDIT = "credit"
    GEO = "geo"
    THEME = "theme"
    DEPARTMENT = "department"

    @property
    def term(self) -> str:
        """The official word."""
        return {
            Library.POPULATION: "人口",
            Library.LEGAL_PERSON: "法人",
            Library.CREDIT: "信用",
            Library.GEO: "空间地理",
            Library.THEME: "主题",
            Library.DEPARTMENT: "部门",
        }[self]


class Cycle(StrEnum):
    """How often a resource is brought up to date (更新周期)."""

    REAL_TIME = "real_time"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"

    @property
    def term(self) -> str:
        """The official word."""
        return ("实时", "每日", "每周", "每月", "每季度", "每年", "不定期")[list(Cycle).index(self)]


class Level(StrEnum):
    """Whose list a resource stands on (市、县两级政务数据资源清单)."""

    CITY = "city"
    COUNTY = "county"

    @property
    def term(self) -> str:
        """The official word."""
        return "市级" if self is Level.CITY else "县级"


class Form(StrEnum):
    """What a resource is kept as (资源格式)."""

    DATABASE = "database"
    FILE = "file"
    MAP = "map"

    @property
    def term(self) -> str:
        """The official word."""
        return {Form.DATABASE: "数据库", Form.FILE: "电子文件", Form.MAP: "图层"}[self]


class Mask(StrEnum):
    """How a value looks to those who were not granted the plain one (脱敏)."""

    NONE = "none"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"
    HIDE = "hide"

    @property
    def term(self) -> str:
        """The words for people."""
        return {
            Mask.NONE: "不脱敏",
            Mask.NAME: "姓名脱敏",
            Mask.ID_NUMBER: "证件号码脱敏",
            Mask.PHONE: "电话脱敏",
            Mask.ADDRESS: "地址脱敏",
            Mask.ACCOUNT: "账号脱敏",
            Mask.HIDE: "不显示",
        }[self]


class NeedKind(StrEnum):
    """What a need is for (数据需求): 驻政办〔2022〕60号 names these four."""

    VERIFY = "verify"
    QUERY = "query"
    ANALYSE = "analyse"
    COOPERATE = "cooperate"

    @property
    def term(self) -> str:
        """The official word."""
        return {
            NeedKind.VERIFY: "信息核验",
            NeedKind.QUERY: "信息查询",
            NeedKind.ANALYSE: "数据分析",
            NeedKind.COOPERATE: "业务协同",
        }[self]
