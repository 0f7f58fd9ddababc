# SPDX-License-Identifier: Apache-2.0
"""A small restaurant errand in which every way of a plan is seen once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning import (
    Plan,
    plan,
)

from .town import CALENDAR, LAW, MONDAY, days, element, event, item, material, survey, town

ELEMENTS = [
    element("area", "经营面积", "decimal", group="场所"),
    element("sign", "是否设招牌", "boolean", group="场所"),
    element("chain", "是否连锁", "boolean"),
    element("name", "企业名称"),
    element("code", "统一社会信用代码"),
    element("address", "经营场所地址", group="场所"),
    element("boss", "法定代表人姓名"),
]
MATERIALS = [
    material("id-card", "居民身份证", "licence"),
    material("licence", "营业执照", "licence", ["name", "code", "boss"]),
    material("lease", "租赁合同"),
    material("plan-drawing", "平面图"),
    material("form", "申请表", "form"),
    material("food", "食品经营许可证", "licence", ["name", "address"]),
    material("proof", "无欠税证明", "proof"),
]
COMMITMENT = {
    **{"list_entry": "无欠税证明", "proves": "没有欠税", "cite": LAW},
    "check": {"standard": "没有欠税"},
}
DEFERRAL = {"promise": "开业前补交", "within": days(10)}


def restaurant(**more: Any) -> Catalogue:
    """Set up a firm, then food, fire and sign."""
    return town(
        *ELEMENTS,
        *MATERIALS,
        item(
            "setup",
            "企业设立登记",
            needs=["id-card", "lease", "form"],
            gives=["licence"],
            asks=["name", "address", "boss"],
            limit=days("0.5"),
            legal_limit=days(3),
        ),
        item(
            "food-permit",
            "食品经营许可",
            needs=["licence", "lease", {"material": "plan-drawing", "deferrable": DEFERRAL}, "form"],
            gives=["food"],
            asks=["name", "code", "address", {"element": "area", "when": "是否连锁 = false"}],
            limit=days(8),
            steps=[{"kind": "accept"}, survey("address")],
        ),
        item(
            "fire-check",
            "消防检查",
            org="fire",
            needs=["licence", "plan-drawing", {"material": "proof", "commitment": COMMITMENT}],
            asks=["code", "address"],
            limit=days(5),
            steps=[{"kind": "accept"}, survey("address")],
        ),
        item("sign-permit", "招牌设置", org="fire", needs=["licence"], asks=["name"], limit=days(2)),
        item("seal", "刻章", needs=["licence"], asks=["name"]),
        event(
            "restaurant",
            "开办餐饮店",
            [
                "setup",
                "food-permit",
                {
                    "item": "fire-check",
                    "when": "经营面积 >= 200",
                    "otherwise": "不到200平方米不用办。",
                },
                {"item": "sign-permit", "when": "是否设招牌 = true", "otherwise": "不设招牌。"},
                {"item": "seal", "optional": True},
            ],
            questions=[
                {"element": "area", "why": "看要不要消防检查"},
                {"element": "sign", "why": "看要不要办招牌"},
            ],
            plain_names=["开饭店"],
            **more,
        ),
    )


def make(catalogue: Catalogue, answers: dict[str, Any], **more: Any) -> Plan:
    """A plan that begins on a Monday."""
    return plan(catalogue, "开饭店", answers, start=MONDAY, calendar=CALENDAR, **more)


BIG = {"area": Decimal(300), "sign": False}
