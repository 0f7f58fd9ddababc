# SPDX-License-Identifier: Apache-2.0
"""What the tests of this room play with: a citizen and a firm with licences that say something."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone

from support import city as town
from support.city import City
from yiwang.apps.licences.public import NewLicence, Standing, change_standing, load_stock
from yiwang.apps.presentment.public import NewAuthorisation, authorise, begin_showing, fresh_code
from yiwang.kernel.actor import Actor, system
from yiwang.kernel.ids import make_id_number

SETUP = system("测试准备")
OFFICE = "health"
NUMBER = make_id_number("411702", dt.date(1985, 3, 4), 11)
"""The identity number of the owner of the small city."""


@dataclass(frozen=True)
class Shop:
    """The owner's identity card and application, and the firm's business licence, by public id."""

    city: City
    card: str
    trade: str
    application: str

    def __getitem__(self, persona: str) -> Actor:
        return self.city[persona]


def open_shop(city: City) -> Shop:
    """Give the owner a card and the firm a licence, both with fields."""
    since = timezone.localdate() - dt.timedelta(days=30)
    card = {
        "resident-name": "王丁",
        "resident-id-number": NUMBER,
        "resident-address": "驿城区雪松路1号",
    }
    trade = {
        "firm-name": "驻马店市测试餐饮有限公司",
        "firm-address": "驿城区雪松路2号",
        "business-scope": "餐饮服务",
        "registered-capital": "500000",
    }
    holder, firm = city["owner"].id, city.firm
    card_id, trade_id = load_stock(
        SETUP,
        [
            NewLicence("id-card", "照900001", holder, OFFICE, valid_from=since, fields=card),
            NewLicence("business-licence", "照900002", firm, OFFICE, valid_from=since, fields=trade),
        ],
    )
    return Shop(city, card_id, trade_id, town.submitted(city))


def shown(shop: Shop, purpose: str = "adult-proof") -> tuple[str, str]:
    """The owner shows the card: (showing, token)."""
    showing = begin_showing(shop["owner"], shop.card, purpose)
    return showing, fresh_code(shop["owner"], showing).token


def given(shop: Shop, *, officer: str = "", application: str = "") -> tuple[str, str]:
    """The owner lets the counter in Yicheng use the card: (authorisation, code)."""
    new = NewAuthorisation([shop.card], "counter-errand", "yicheng", officer, application)
    made = authorise(shop["owner"], new)
    return made.public_id, made.code


def stand(licence: str, standing: Standing) -> None:
    """The licence stands otherwise from now on."""
    change_standing(SETUP, licence, standing, reason="测试：场所已经关闭")


def card_between(shop: Shop, first: dt.date, last: dt.date) -> Shop:
    """The shop with another card of the owner's, valid between two days."""
    new = NewLicence("id-card", "照900003", shop["owner"].id, OFFICE, valid_from=first, valid_until=last)
    return replace(shop, card=load_stock(SETUP, [new])[0])
