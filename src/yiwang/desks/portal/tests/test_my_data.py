# SPDX-License-Identifier: Apache-2.0
"""Everybody sees who looked at their data: officers, systems of departments, themselves; nobody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from support import city as town
from support.city import City
from support.sharing import called
from yiwang.apps.casework import public as casework
from yiwang.apps.gateway.public import subject_index
from yiwang.apps.identity.public import subject

At = Callable[[str], Client]
PAGE = "/my-data/"


def words(client: Client, address: str = PAGE) -> str:
    """The page's text."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def sent(city: City) -> str:
    """An application that an officer opened."""
    made = town.submitted(city)
    casework.case_view(city["handler"], town.item_of(city, made))
    return made


def test_officers_looks_are_told_with_department_case_and_basis(city: City, at: At, sent: str) -> None:
    text = words(at("owner"))
    assert city["handler"].name in text
    assert city.catalogue.orgs[town.OFFICE].name in text
    assert "办理本办件" in text
    assert "行政许可法" in text
    assert "12345" in text
    assert city["handler"].name not in words(at("other"))


def test_own_errands_are_told_when_asked_for(city: City, at: At, sent: str) -> None:
    assert "办件时系统核对" not in words(at("owner"))
    assert "办件时系统核对" in words(at("owner"), f"{PAGE}?own=1")


def test_calls_between_departments_are_told_by_what_they_asked(city: City, at: At) -> None:
    owner, other = city["owner"].id, city["other"].id
    called(owner)
    called(subject_index(subject(owner).number), caller_name="按号码查的系统", purpose="按号码")
    mine = subject_index(subject(owner).number)
    called(subject_index("别的"), also=mine, caller_name="批量查的系统", purpose="连带查到")
    called(other, caller_name="与我无关的系统")
    text = words(at("owner"))
    for one in ("卫健审批系统", "按号码查的系统", "批量查的系统", "户籍人口基本信息", "姓名、性别", "call_0"):
        assert one in text, one
    assert "与我无关的系统" not in text
    assert "411702" not in text  # no identity number


def test_a_firm_s_representative_sees_the_firm_s(city: City, at: At) -> None:
    called(city.firm, resource="firm-registration-record", fields=["firm-name"], caller_name="税务系统")
    called(city["representative of the firm"].id, caller_name="只关于本人的系统")
    boss = at("representative of the firm")
    assert all(one in words(boss) for one in ("税务系统", "只关于本人的系统"))
    only = words(boss, f"{PAGE}?whose={city.firm}")
    assert "税务系统" in only
    assert "只关于本人的系统" not in only
    assert "税务系统" not in words(at("former agent"))
    assert "税务系统" not in words(at("owner"), f"{PAGE}?whose={city.firm}")


def test_by_department_and_by_day(city: City, at: At, sent: str) -> None:
    owner = city["owner"].id
    called(owner, org="taxation", caller_name="税务系统")
    called(owner, caller_name="早先的系统", at=timezone.now() - dt.timedelta(days=3))
    client = at("owner")
    tax = words(client, f"{PAGE}?org=taxation")
    assert "税务系统" in tax
    assert city["handler"].name not in tax
    assert city["handler"].name in words(client, f"{PAGE}?org={town.OFFICE}")
    day = timezone.localdate() - dt.timedelta(days=3)
    earlier = words(client, f"{PAGE}?day={day}")
    assert "早先的系统" in earlier
    assert "税务系统" not in earlier
    assert "没有这样的记录" in words(client, f"{PAGE}?day=2020-01-01")
    assert client.get(f"{PAGE}?day=昨天").status_code == 400
    for odd in ("before=x", "before=2026-01-01", "org=nothing", "whose=p_1"):
        assert client.get(f"{PAGE}?{odd}").status_code == 200


def test_page_by_page_nothing_is_lost_and_nothing_told_twice(city: City, at: At) -> None:
    start, client = timezone.now(), at("owner")
    names = [f"系统{number:03d}号" for number in range(95)]
    for number, name in enumerate(names):
        called(city["owner"].id, caller_name=name, at=start - dt.timedelta(minutes=number))
    told: list[str] = []
    address = PAGE
    for _ in range(6):
        text = words(client, address)
        told += [name for name in names if name in text]
        if "更早的" not in text:
            break
        address = PAGE + _next(text)
    assert told == names


def _next(text: str) -> str:
    """The address of the next page."""
    link = next(part for part in text.split("<a ") if "更早的" in part)
    return link.split('href="')[1].split('"')[0].replace("&amp;", "&")


def test_equal_looks_of_a_day_are_told_once_with_their_number(city: City, at: At) -> None:
    noon = timezone.now() - dt.timedelta(days=1)
    noon = noon.astimezone(dt.timezone(dt.timedelta(hours=8))).replace(hour=12)
    for minute in range(3):
        called(city["owner"].id, at=noon - dt.timedelta(minutes=minute))
    assert words(at("owner")).count("卫健审批系统") == 1
    assert "这一天共 3 次" in words(at("owner"))


def test_what_the_city_holds_is_the_catalogue_without_values(city: City, at: At) -> None:
    text = words(at("owner"), "/my-data/resources")
    assert "户籍人口基本信息" in text
    assert "企业登记信息" not in text
    assert subject(city["owner"].id).address not in text
    boss = words(at("representative of the firm"), "/my-data/resources?about=firm")
    assert "企业登记信息" in boss
    assert "户籍人口基本信息" not in boss


@pytest.mark.parametrize("persona", ["anonymous", "handler", "data"])
def test_only_people_have_this_page(city: City, at: At, persona: str) -> None:
    for address in (PAGE, "/my-data/resources"):
        assert at(persona).get(address).status_code in (302, 403)
