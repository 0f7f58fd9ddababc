# SPDX-License-Identifier: Apache-2.0
"""A small sound city to spoil, and helpers to see what the loader says of it."""

from __future__ import annotations

from pathlib import Path

from yiwang.engines.definitions import Problem, inspect

Changes = dict[str, str | bytes | None]
"""File → its new content; None leaves it out."""

LEVELS = "levels: [national, city]\n"

SOUND: dict[str, str] = {
    "levels.yaml": LEVELS,
    "national/sources/laws.yaml": """\
- {id: food-law, name: 食品安全法, kind: law, publisher: 全国人大常委会}
- {id: setting, name: 本市自行设定, kind: setting, publisher: 市政府}
""",
    "national/orgs/all.yaml": """\
- id: market
  name: 市场监督管理部门
  kind: department
  short_name: 市场监管
  aliases: [工商]
  cite: {doc: food-law, at: 第六条}
""",
    "national/elements/all.yaml": """\
- {id: area, name: 经营面积, type: decimal, subject: thing, question: 店有多大？, unit: 平方米}
- id: trade
  name: 经营方式
  type: choice
  subject: firm
  question: 您做什么生意？
  choices: [{value: 餐饮}, {value: 零售}]
""",
    "national/materials/all.yaml": """\
- {id: business-licence, name: 营业执照, kind: licence, subject: firm, issuer: market}
- {id: food-licence, name: 食品经营许可证, kind: licence, subject: firm, issuer: market}
- {id: floor-plan, name: 平面图, kind: own, subject: thing}
""",
    "national/items/registration.yaml": """\
id: registration
name: 企业设立登记
kind: licensing
org: market
for_firms: true
summary: 给店办营业执照
conditions: [有名称和住所]
basis: [{doc: food-law, at: 全文}]
elements: [{element: trade}]
outputs: [{material: business-licence}]
steps: [{kind: accept}, {kind: decide}]
legal_limit: {days: 10, cite: {doc: food-law, at: 第一条}}
promised_limit: {days: 1.5, cite: {doc: food-law, at: 第一条}}
""",
    "national/items/food.yaml": """\
id: food
name: 食品经营许可
kind: licensing
org: market
for_firms: true
summary: 许可您卖吃的
conditions: [有固定场所]
basis: [{doc: food-law, at: 第三十五条}]
elements:
  - {element: area}
  - {element: trade}
materials:
  - {material: business-licence, cite: {doc: food-law, at: 第三十五条}}
  - material: floor-plan
    when: 经营面积 >= 200
    cite: {doc: food-law, at: 第三十五条}
outputs: [{material: food-licence}]
steps: [{kind: accept}, {kind: decide}]
legal_limit: {days: 20, cite: {doc: food-law, at: 第三十五条}}
promised_limit: {days: 20, cite: {doc: food-law, at: 第三十五条}}
""",
    "city/items/food.yaml": """\
id: food
refines: true
promised_limit:
  days: 5
""",
    "city/life_events/restaurant.yaml": """\
id: restaurant
name: 开办餐饮店
plain_names: [开饭店]
summary: 从执照到开门
for_firms: true
lead: market
questions: [{element: trade, why: 决定要办哪些证}]
items:
  - {item: registration, because: 先有执照}
  - {item: food, when: 经营方式 = "餐饮", because: 卖吃的要许可}
basis: [{doc: setting, at: 本市自行设定}]
""",
}


def city(root: Path, changed: Changes | None = None) -> Path:
    """The sound city in `root/definitions` with some files changed, added or (None) left out."""
    for name, text in {**SOUND, **(changed or {})}.items():
        if text is None:
            continue
        path = root / "definitions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root / "definitions"


def told(root: Path, changed: Changes) -> list[Problem]:
    """What the loader says of the sound city with these files changed."""
    return list(inspect(city(root, changed)).problems)


def swapped(name: str, old: str, new: str) -> Changes:
    """The change of one text in one file of the sound city."""
    assert SOUND[name].count(old) >= 1, f"{old!r} is not in {name}"
    return {name: SOUND[name].replace(old, new, 1)}
