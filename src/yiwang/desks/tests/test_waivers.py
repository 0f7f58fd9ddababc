# SPDX-License-Identifier: Apache-2.0
"""免证可办 on pages: a department fills in, the bureau reviews and publishes, guides mark at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from support import city as town
from support.city import City
from yiwang.apps.waivers import public as waivers
from yiwang.apps.waivers.public import Kind
from yiwang.kernel.actor import Actor

At = Callable[[str], Client]
LICENCE = "business-licence"


def year() -> int:
    """This year."""
    return timezone.localdate().year


def page(kind: Kind) -> str:
    """The address of the health department's report."""
    return f"/office/waivers/{kind.value}/{year()}"


def filled(city: City, handler: Actor, kind: Kind = Kind.SURVEY) -> str:
    """A report that was handed in, complete."""
    filing = waivers.begin(handler, kind, org=town.OFFICE, year=year())
    seen = waivers.filing_view(handler, filing)
    given = {row.item: {"licences": dict.fromkeys(row.licences, "province")} for row in seen.surveyed}
    waivers.submit(handler, filing, version=waivers.save(handler, filing, given, version=seen.version))
    return filing


def published(city: City) -> None:
    """A list of usable e-licences and one of certificate-free items, for an item of the department."""
    for kind in (Kind.SURVEY, Kind.DECLARATION):
        waivers.review(city["data"], filled(city, city["handler"], kind), approve=True)
        batch = waivers.merge(city["data"], kind)
        merged = waivers.merged_list(kind)
        assert merged is not None
        chosen = [one.material for one in merged.licences] + [one.item for one in merged.items]
        waivers.publish(city["data"], batch, chosen=chosen)


def test_a_department_begins_fills_in_and_hands_in(city: City, at: At) -> None:
    client = at("handler")
    assert "电子证照调查" in client.get("/office/waivers/").content.decode()
    assert "还没有开始填" in client.get(page(Kind.SURVEY)).content.decode()
    assert client.post(page(Kind.SURVEY)).status_code == 302
    (row,) = [one for one in waivers.standings(city["handler"], year=year()) if one.filing]
    seen = waivers.filing_view(city["handler"], row.filing)
    needs = [(one.item, material) for one in seen.surveyed for material in one.licences]
    missing = client.post(page(Kind.SURVEY), {"version": "1", "submit": "1"})
    assert missing.status_code == 400
    assert "没有选来源渠道" in missing.content.decode()
    typed = {f"channel:{item}:{material}": "province" for item, material in needs}
    odd = client.post(page(Kind.SURVEY), {"version": "2", f"volume:{seen.surveyed[0].item}": "许多", **typed})
    assert odd.status_code == 400
    assert 'value="许多"' in odd.content.decode()
    assert "要填整数" in odd.content.decode()
    assert client.post(page(Kind.SURVEY), {"version": "2", "submit": "1", **typed}).status_code == 302
    assert "待审核" in client.get(page(Kind.SURVEY)).content.decode()


def test_a_stale_page_keeps_what_was_typed(city: City, at: At) -> None:
    client = at("handler")
    client.post(page(Kind.SURVEY))
    item = next(i.id for i in city.catalogue.items.values() if i.org == town.OFFICE)
    client.post(page(Kind.SURVEY), {"version": "1", f"note:{item}": "先"})
    stale = client.post(page(Kind.SURVEY), {"version": "1", f"note:{item}": "后来的说明"})
    assert stale.status_code == 409
    assert "后来的说明" in stale.content.decode()
    assert "过时" in stale.content.decode()


@pytest.mark.parametrize(
    "address", ["/office/waivers/other/2026", "/office/waivers/survey/1999", "/office/waivers/survey/999999"]
)
def test_what_is_no_report_is_not_found(at: At, address: str) -> None:
    assert at("handler").get(address).status_code == 404
    assert at("handler").get(page(Kind.SURVEY) + "?org=housing").status_code == 404


def test_the_bureau_reviews_and_sends_back_with_a_reason(city: City, at: At) -> None:
    filing = filled(city, city["handler"])
    client, address = at("data"), f"/console/waivers/{filing}"
    assert "审核" in client.get(address).content.decode()
    assert client.post(f"{address}/review", {"verdict": "reject"}).status_code == 400
    assert client.post(f"{address}/review", {"verdict": "reject", "words": "再核"}).status_code == 302
    assert "再核" in at("handler").get(page(Kind.SURVEY)).content.decode()
    again = client.post(f"{address}/review", {"verdict": "approve"})
    assert again.status_code == 409


def test_a_batch_is_merged_and_published_on_one_page(city: City, at: At) -> None:
    waivers.review(city["data"], filled(city, city["handler"]), approve=True)
    client, address = at("data"), "/console/waivers/lists/survey"
    client.post(address, {"merge": "1"})
    merged = waivers.merged_list(Kind.SURVEY)
    assert merged is not None
    empty = client.post(address, {"publish": "1"})
    assert empty.status_code == 400
    assert "至少勾选一项" in empty.content.decode()
    chosen = [one.material for one in merged.licences][:1]
    assert client.post(address, {"publish": "1", "chosen": chosen}).status_code == 302
    assert "第1批" in client.get(address).content.decode()
    assert "第1批" in at("anonymous").get("/lists/").content.decode()
    assert client.get("/console/waivers/lists/other").status_code == 404


def test_auditors_look_and_change_nothing(city: City, at: At) -> None:
    waivers.review(city["data"], filled(city, city["handler"]), approve=True)
    client = at("auditor")
    assert client.get("/console/waivers/").status_code == 200
    assert client.post("/console/waivers/lists/survey", {"merge": "1"}).status_code == 403
    assert waivers.merged_list(Kind.SURVEY) is None


def test_guides_mark_everywhere_once_the_list_is_published(city: City, at: At) -> None:
    client = at("anonymous")
    item = next(
        item.id
        for item in city.catalogue.items.values()
        if item.org == town.OFFICE
        and any(city.catalogue.materials[u.material].kind.value == "licence" for u in item.materials)
        and any(item.id == m.item for m in city.catalogue.life_events[town.EVENT].items)
    )
    places = [f"/items/{item}", f"/life-events/{town.EVENT}/plan", f"/life-events/{town.EVENT}/notice"]

    def told() -> list[str]:
        asked = {"life_event": town.EVENT, "answers": {}}
        plan = client.post("/api/plans", asked, content_type="application/json")
        assert plan.status_code == 200, plan.content.decode()
        return [*(client.get(place).content.decode() for place in places), str(plan.json())]

    assert ["第1批" in text for text in told()] == [False] * 4
    published(city)
    after = told()
    assert ["第1批" in text for text in after] == [True] * 4
    assert "愿意交纸质的也可以" in after[0]
    listed = at("anonymous").get("/lists/").content.decode()
    assert f"/items/{item}" in listed
