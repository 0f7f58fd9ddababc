# SPDX-License-Identifier: Apache-2.0
"""The data catalogue on the desk: searched, filtered, read, taken along, harvested."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, Graph, Literal, Namespace, URIRef

from support.city import City
from yiwang.apps.exchange.public import dcat_page
from yiwang.engines.exchange import Grade, resources

At = Callable[[str], Client]
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")


def text(answer: Any) -> str:
    """The page's words."""
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("words=婚姻", "婚姻登记信息", "企业登记信息"),
        ("words=不用交营业执照", "企业登记信息", "婚姻登记信息"),
        ("library=credit", "行政处罚公示信息", "婚姻登记信息"),
        ("sharing=not_shared", "纳税申报明细", "婚姻登记信息"),
        ("level=county&place=xiping", "西平县农村宅基地审批信息", "驿城区农村宅基地审批信息"),
        ("provider=housing-fund&subject=person", "个人住房公积金缴存信息", "单位住房公积金缴存信息"),
        ("words=西平 宅基地", "西平县农村宅基地审批信息", "上蔡县农村宅基地审批信息"),
        ("theme=社会救助", "残疾人证信息", "婚姻登记信息"),
    ],
)
def test_the_catalogue_is_searched_and_filtered(
    city: City, at: At, query: str, there: str, not_there: str
) -> None:
    page = text(at("data").get(f"/data/catalogue/?{query}"))
    assert there in page
    assert f">{not_there}<" not in page


def test_nothing_found_says_what_to_do(city: City, at: At) -> None:
    page = text(at("handler").get("/data/catalogue/?words=zzzz"))
    assert "没有找到" in page
    assert "/data/needs/" in page
    assert at("handler").get("/data/catalogue/?library=nonsense&page=abc").status_code == 200


def test_a_resource_tells_who_may_have_it_and_what_it_frees(city: City, at: At) -> None:
    page = text(at("data of a department").get("/data/catalogue/marriage-registration"))
    for words in (
        "有条件共享",
        "经本人授权",
        "驻马店市民政局",
        "证件号码脱敏",
        "结婚证",
        "第 1 版",
        "列入目录",
    ):
        assert words in page
    page = text(at("data").get("/data/catalogue/tax-returns"))
    assert "不予共享" in page
    assert "《中华人民共和国税收征收管理法》" in page
    assert "第八条" in page
    assert "申请使用" not in page
    assert at("data").get("/data/catalogue/no-such-thing").status_code == 404


def test_papers_lead_to_the_data_that_stand_for_them(city: City, at: At) -> None:
    page = text(at("handler").get("/data/catalogue/links"))
    assert page.index("结婚证") < page.index("婚姻登记信息")
    assert "公司章程" not in page
    missing = text(at("handler").get("/data/catalogue/links?open=1"))
    assert "诊断证明" in missing
    assert "婚姻登记信息" not in missing


def test_only_officers_of_the_desk_read_it(city: City, at: At) -> None:
    assert at("owner").get("/data/catalogue/").status_code == 403
    assert at("operator").get("/data/catalogue/").status_code == 403
    assert at("anonymous").get("/data/catalogue/").status_code == 302


def test_the_catalogue_is_taken_along_as_a_table(city: City, at: At) -> None:
    answer = at("data").get("/data/catalogue.csv?words=婚姻登记")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    first = next(line for line in lines if line["信息资源代码"] == "marriage-registration")
    assert first["信息资源分类"] == "基础信息资源/人口"
    assert first["信息资源提供方"] == "驻马店市民政局"
    assert first["共享类型"] == "有条件共享"
    assert first["发布日期"]
    book = load_workbook(io.BytesIO(at("data").get("/data/catalogue.xlsx").content), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0] == tuple(lines[0])
    assert len({row[2] for row in rows[1:]}) == len(city.catalogue.others["exchange"])
    assert at("data").get("/data/catalogue.exe").status_code == 404


RANGES = {
    DCAT.theme: SKOS.Concept,
    DCTERMS.type: SKOS.Concept,
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.accessRights: DCTERMS.RightsStatement,
    DCTERMS.accrualPeriodicity: DCTERMS.Frequency,
}
ONCE = (DCTERMS.publisher, DCTERMS.accessRights, DCTERMS.accrualPeriodicity)
"""What the shapes of DCAT-AP 3.0 ask of a dataset as we tell it."""


def test_the_open_catalogue_is_read_by_an_rdf_reader(city: City, at: At) -> None:
    client, seen = at("anonymous"), set()
    address = "http://testserver/data/catalogue.jsonld"
    first = client.get("/data/catalogue.jsonld")
    assert first["Content-Type"] == "application/ld+json; charset=utf-8"
    graph = Graph().parse(data=first.content, format="json-ld")
    assert (URIRef(address), RDF.type, DCAT.Catalog) in graph
    for dataset in graph.objects(URIRef(address), DCAT.dataset):
        assert (dataset, RDF.type, DCAT.Dataset) in graph
        (title,) = graph.objects(dataset, DCTERMS.title)
        assert isinstance(title, Literal)
        assert title.language == "zh"
        for one in (DCTERMS.publisher, DCTERMS.accrualPeriodicity, DCTERMS.accessRights, DCAT.theme):
            assert list(graph.objects(dataset, one))
        for one, kind in RANGES.items():
            for thing in graph.objects(dataset, one):
                assert isinstance(thing, URIRef), (dataset, one)
                assert (thing, RDF.type, kind) in graph, (dataset, one)
        for one in ONCE:
            assert len(list(graph.objects(dataset, one))) == 1, (dataset, one)
        seen.add(str(graph.value(dataset, DCTERMS.identifier)))
    known = resources(city.catalogue)
    left_out = {one for one in known if known[one].grade >= Grade.IMPORTANT}
    assert left_out
    assert seen == set(known) - left_out
    assert int(str(graph.value(URIRef(f"{address}?page=1"), HYDRA.totalItems))) == len(seen)
    again = client.get("/data/catalogue.jsonld", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    for page in ("0", "99", "x", "-1", "١", "1e9"):
        assert client.get("/data/catalogue.jsonld", {"page": page}).status_code == 404


def test_its_pages_lead_from_the_first_to_the_last(city: City) -> None:
    address, seen = "https://city.example/data/catalogue.jsonld", []
    page: URIRef | None = URIRef(f"{address}?page=1")
    while page is not None:
        number = int(str(page).rpartition("=")[2])
        graph = Graph().parse(data=json.dumps(dcat_page(address, page=number, size=30)), format="json-ld")
        seen += [str(one) for one in graph.objects(URIRef(address), DCAT.dataset)]
        assert graph.value(page, HYDRA.first) == URIRef(f"{address}?page=1")
        following = graph.value(page, HYDRA.next)
        page = URIRef(str(following)) if following is not None else None
    assert len(seen) == len(set(seen)) > 60
