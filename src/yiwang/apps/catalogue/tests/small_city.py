# SPDX-License-Identifier: Apache-2.0
"""A catalogue of two errands and four items, and the city's own."""

from __future__ import annotations

from functools import lru_cache

from support.city import definitions
from yiwang.engines.definitions import Catalogue, Definition
from yiwang.engines.definitions.kinds import Item, LifeEvent, PlainNames
from yiwang.engines.definitions.release import digest_of

CITE = {"doc": "law", "at": "第一条"}


def _item(id_: str, name: str, summary: str) -> Item:
    limit = {"days": 5, "cite": CITE}
    return Item.model_validate(
        {
            "id": id_,
            "name": name,
            "summary": summary,
            "kind": "licensing",
            "org": "market",
            "for_firms": True,
            "conditions": ["有固定场所"],
            "outputs": [{"material": f"{id_}-result"}],
            "steps": [{"kind": "accept"}],
            "legal_limit": limit,
            "promised_limit": limit,
            "basis": [CITE],
        }
    )


def _event(id_: str, name: str, plain: list[str], item: str) -> LifeEvent:
    return LifeEvent.model_validate(
        {
            "id": id_,
            "name": name,
            "plain_names": plain,
            "summary": f"{name}全部手续一次办",
            "for_firms": True,
            "lead": "market",
            "items": [{"item": item, "because": "法律规定"}],
            "basis": [CITE],
        }
    )


def small_city(*, shop: str = "饭馆") -> Catalogue:
    """Opening an eating place (called by `shop`) or a bookshop."""
    items = [
        _item("food-licence", "食品经营许可", "经营餐饮要办的许可"),
        _item("shop-sign", "户外招牌设施设置", "在门口挂招牌"),
        _item("book-licence", "出版物零售许可", "卖书要办的许可"),
        _item("drainage", "排水许可", "餐饮污水排入管网"),
    ]
    events = [
        _event("open-restaurant", "开办餐饮店", [f"开一家{shop}"], "food-licence"),
        _event("open-bookshop", "开办书店", ["开书店"], "book-licence"),
    ]
    names = PlainNames.model_validate(
        {
            "id": "plain-names",
            "name": "通俗化表述清单",
            "names": [{"says": "挂门头", "means": "shop-sign"}],
            "synonyms": {"饭馆": ["饭店", "餐厅"]},
            "cite": CITE,
        }
    )
    definitions: dict[str, dict[str, Definition]] = {
        "items": {i.id: i for i in items},
        "life_events": {e.id: e for e in events},
        "lists": {names.id: names},
    }
    return Catalogue.of(definitions, digest=digest_of(definitions))


@lru_cache(maxsize=1)
def whole_city() -> Catalogue:
    """The definitions in the repository, read once per process."""
    return definitions()
