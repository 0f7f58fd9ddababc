# SPDX-License-Identifier: Apache-2.0
"""Who and where: organisations with their aliases, counties and zones."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Citation, Definition, OrgId, PlaceId, Text


class OrgKind(StrEnum):
    """What sort of body an organisation is."""

    DEPARTMENT = "department"  # 政府部门
    INSTITUTION = "institution"  # 事业单位
    VERTICAL = "vertical"  # 垂直管理部门
    GOVERNMENT = "government"  # 人民政府、管委会
    PARTY = "party"  # 党委部门、群团
    COURT = "court"  # 法院、检察院
    UTILITY = "utility"  # 水电气暖等公用企业
    BANK = "bank"  # 银行等金融机构


class Org(Definition):
    """An organisation: one official name, all the names it is called by."""

    kind: OrgKind
    short_name: Text
    aliases: list[Text] = Field(default_factory=list, description="公报、文件中出现的其他名称")
    parent: OrgId | None = None
    code: Text | None = Field(
        default=None,
        pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$",
        description="统一社会信用代码；未取得的不写，不要编造",
    )
    cite: Citation


class PlaceKind(StrEnum):
    """What sort of area a place is."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    ZONE = "zone"  # 开发区、示范区：没有独立的行政区划代码


class Place(Definition):
    """A county, district or zone."""

    kind: PlaceKind
    code: Text | None = Field(default=None, pattern=r"^\d{6}$", description="行政区划代码（GB/T 2260）")
    parent: PlaceId | None = None
    aliases: list[Text] = Field(default_factory=list)
    centre: Text | None = Field(default=None, description="政务服务中心名称")
    roads: list[Text] = Field(default_factory=list, description="合成地址用的真实路名")
    cite: Citation
