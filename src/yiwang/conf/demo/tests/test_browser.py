# SPDX-License-Identifier: Apache-2.0
"""The browser sends what stands on a page, and nothing else."""

from __future__ import annotations

import httpx
import pytest

from yiwang.conf.demo.browser import Browser, Page, Site, Stumbled

PAGE = """<!doctype html><title>t</title><h1>您的情况</h1>
<form method="get" action="/search"><input type="search" name="q" value=""></form>
<form method="post" action="/save" enctype="multipart/form-data">
<input type="hidden" name="csrfmiddlewaretoken" value="abc">
<label for="r1"><input type="radio" id="r1" name="own-house" value="true"><span>是<span></span></span></label>
<label for="r2"><input type="radio" id="r2" name="own-house" value="false"><span>否</span></label>
<input type="hidden" name="kinds" value="">
<label for="k1"><input type="checkbox" id="k1" name="kinds" value="甲" checked><span>甲</span></label>
<label for="k2"><input type="checkbox" id="k2" name="kinds" value="乙"><span>乙</span></label>
<select name="place"><option value="">请选择</option><option value="yicheng" selected>驿城区</option></select>
<textarea name="why">因为</textarea>
<input type="hidden" class="shown" form="none" name="shown" value="x">
<input type="file" name="drawing"><details><summary>也可以</summary><input type="file" name="other"></details>
<button type="submit" name="next" value="1">下一步</button></form>
<a href="/plan">看<b>方案</b></a><p class="wrong">“面积”应当是数字。</p>"""


class City(httpx.BaseTransport):
    """Answers with the page, and remembers what it was sent."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.status = 200

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        return httpx.Response(self.status, headers={"content-type": "text/html; charset=utf-8"}, text=PAGE)


@pytest.fixture
def city() -> City:
    return City()


@pytest.fixture
def page(city: City) -> Page:
    return Browser(Site("http://city.test", city)).open("/")


def test_it_sends_what_stands_in_the_form(page: Page, city: City) -> None:
    page.form(having="place").put(own_house="否", why="没有理由").press("next")
    sent = httpx.QueryParams(city.asked[-1].content.decode())
    assert city.asked[-1].url.path == "/save"
    assert sent["csrfmiddlewaretoken"] == "abc"
    assert (sent["own-house"], sent["place"], sent["why"], sent["next"]) == (
        "false",
        "yicheng",
        "没有理由",
        "1",
    )
    assert sent.get_list("kinds") == ["", "甲"]
    assert "shown" not in sent


def test_an_answer_is_chosen_by_its_label_or_its_value(page: Page) -> None:
    form = page.form(having="place")
    for wanted in ("是", "true"):
        form.fill("own-house", wanted)
        assert form.controls["own-house"].values == ["true"]
    form.fill("kinds", ["乙"])
    assert form.controls["kinds"].values == ["乙"]


@pytest.mark.parametrize(("name", "wanted"), [("own-house", "也许"), ("place", "北京"), ("nothing", "x")])
def test_what_is_not_offered_cannot_be_sent(page: Page, name: str, wanted: str) -> None:
    with pytest.raises(Stumbled):
        page.form(having="place").fill(name, wanted)


def test_files_go_where_the_form_takes_them(page: Page, city: City) -> None:
    form = page.form(having="place")
    assert [c.name for c in form.controls.values() if c.kind == "file" and not c.folded] == ["drawing"]
    with pytest.raises(Stumbled):
        form.attach("why", ("a.pdf", b"%PDF"))
    form.attach("drawing", ("图.pdf", b"%PDF-1.4 content"))
    form.press("next")
    assert b"%PDF-1.4 content" in city.asked[-1].content
    assert b"abc" in city.asked[-1].content


def test_links_and_searches_are_followed(page: Page, city: City) -> None:
    page.follow("看方案")
    assert city.asked[-1].url.path == "/plan"
    page.form(having="q").put(q="开饭馆").press()
    assert (city.asked[-1].method, city.asked[-1].url.params["q"]) == ("GET", "开饭馆")
    with pytest.raises(Stumbled, match="没有“注销”这个链接"):
        page.follow("注销")


def test_a_page_that_is_an_error_stops_the_browser(page: Page, city: City) -> None:
    city.status = 409
    with pytest.raises(Stumbled, match="面积"):
        page.browser.open("/plan")
