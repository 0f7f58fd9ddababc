# SPDX-License-Identifier: Apache-2.0
"""The notice, the flow chart and the process: complete, well formed, readable, runnable."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from lxml import etree
from lxml import html as lxml_html
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning import Plan, plan
from yiwang.engines.planning.render import (
    RENDERERS,
    render_bpmn,
    render_fragment,
    render_page,
    render_svg,
    render_text,
)
from yiwang.engines.planning.render.chart import HEAD, Box, lay_out, wrap
from yiwang.kernel.errors import YiwangError

from .bundles import make_bundle
from .restaurant import BIG, make, restaurant
from .town import CALENDAR, MONDAY, element, event, item, town

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def bundles(count: int) -> Iterator[tuple[Plan, Catalogue]]:
    """Plans of random bundles."""
    for seed in range(count):
        bundle = make_bundle(seed, 1 + seed % 9)
        try:
            made = plan(bundle.catalogue, "whole", bundle.answers, start=bundle.start, calendar=CALENDAR)
        except YiwangError:
            continue
        yield made, bundle.catalogue


def test_the_notice_tells_everything_once() -> None:
    text = render_text(make(restaurant(), BIG), restaurant())
    for wanted in (
        "一、办哪些事（3项）",
        "受理条件",
        "各事项一共要 9 处信息，您只需要填 3 处",
        "租赁合同",
        "可以用承诺代替的材料",
        "不用您交的材料",
        "第2步（几家同时办）",
        "联合踏勘",
        "预计2026年3月13日前全部办好",
        "一件一件办要 13.5 个工作日，几家同时办只要 8.5 个工作日",
        "《测试法》第一条",
        "这些事项都不收费",
        "12345",
    ):
        assert wanted in text, wanted
    assert text.count("【要您交的材料】") == 1


def test_fees_are_told_with_standard_and_basis() -> None:
    cite = {"doc": "law", "at": "第二条"}
    fees = [
        {"name": "登记费", "standard": "每件80元", "amount_fen": 8000, "cite": cite},
        {"name": "加印费", "standard": "每本10元", "when": "是否加印", "cite": cite},
    ]
    catalogue = town(
        element("more", "是否加印", "boolean"), item("one", "甲", fees=fees), event("whole", "某事", ["one"])
    )
    text = render_text(plan(catalogue, "whole", {}, start=MONDAY, calendar=CALENDAR), catalogue)
    assert "每件80元（￥80.00）" in text
    assert "加印费（有这种情况才收）" in text
    assert "《测试法》第二条" in text


def test_the_page_is_accessible_without_scripts() -> None:
    page = render_page(make(restaurant(), BIG), restaurant())
    tree = lxml_html.document_fromstring(page)
    assert tree.get("lang") == "zh-CN"
    assert not tree.xpath("//script|//@style|//@onclick")
    assert len(tree.xpath("//h1")) == 1
    levels = [int(one.tag[1]) for one in tree.xpath("//h1|//h2|//h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in tree.xpath("//table"):
        assert table.xpath("caption")
        assert all(one.get("scope") in ("col", "row") for one in table.xpath(".//th"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_fragment_begins_below_the_pages_own_heading() -> None:
    fragment = render_fragment(make(restaurant(), BIG), restaurant())
    assert fragment.startswith("<article")
    assert "<h1" not in fragment
    assert "<style" not in fragment


def test_names_cannot_break_out_of_the_markup() -> None:
    catalogue = town(item("one", "<b>甲</b>&\"'"), event("whole", "<i>某事</i>", ["one"]))
    made = plan(catalogue, "whole", {}, start=MONDAY, calendar=CALENDAR)
    assert "<b>" not in render_page(made, catalogue)
    etree.fromstring(render_svg(made, catalogue).encode())
    etree.fromstring(render_bpmn(made, catalogue).encode())


def test_the_chart_has_title_description_and_labels() -> None:
    tree = etree.fromstring(render_svg(make(restaurant(), BIG), restaurant()).encode())
    space = {"s": "http://www.w3.org/2000/svg"}
    assert tree.xpath("string(s:title)", namespaces=space) == "开办餐饮店 办理流程图"
    assert "企业设立登记→食品经营许可（营业执照）" in tree.xpath("string(s:desc)", namespaces=space)
    words = "".join(tree.xpath("//s:text/text()", namespaces=space))
    for wanted in ("企业设立登记", "消防队", "审批局", "营业执照", "第2步", "联合踏勘"):
        assert wanted in words
    sizes = [int(one) for one in tree.xpath("//s:text/@font-size", namespaces=space)]
    assert min(sizes) >= 12


def test_nothing_overlaps_on_any_chart() -> None:
    for made, catalogue in bundles(150):
        chart = lay_out(made, catalogue)
        for one, other in combinations(chart.boxes, 2):
            beside = one.right < other.x or other.right < one.x
            assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
        for box in chart.boxes:
            assert box.y >= HEAD
            assert box.right <= chart.width
            assert box.y + box.height <= chart.height
            for line in chart.lines:
                if box.item not in (line.edge.before, line.edge.after):
                    assert not any(_crosses(box, *pair) for pair in pairwise(line.points))
        for line in chart.lines:
            assert line.points[0][0] < line.points[-1][0], "lines lead to the right"


def _crosses(box: Box, start: tuple[float, float], end: tuple[float, float]) -> bool:
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return right > box.x and left < box.right and bottom > box.y and top < box.y + box.height


def test_words_wrap_without_losing_a_character() -> None:
    text = "公众聚集场所投入使用、营业前消防安全检查（现场检查）ABC"
    lines = wrap(text, 15, 100)
    assert "".join(lines) == text
    assert len(lines) > 3
    assert not any(line.startswith(("）", "、")) for line in lines)


def test_the_process_runs_to_its_end_in_another_engine() -> None:
    for made, catalogue in [*bundles(60), (make(restaurant(), BIG), restaurant())]:
        order = _run(render_bpmn(made, catalogue))
        names = {item.name: item.id for item in made.included}
        done = [names[name] for name in order]
        assert sorted(done) == sorted(names.values()), "every item runs exactly once"
        for edge in made.edges:
            assert done.index(edge.before) < done.index(edge.after)


def _run(xml: str) -> list[str]:
    """Names of the tasks in the order in which SpiffWorkflow let them run."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(xml.encode()))
    (process,) = parser.get_process_ids()
    workflow = BpmnWorkflow(parser.get_spec(process))
    workflow.do_engine_steps()
    ran: list[str] = []
    while not workflow.completed:
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        assert ready, "the process is stuck"
        for task in reversed(ready):
            ran.append(task.task_spec.bpmn_name)
            task.run()
        workflow.do_engine_steps()
    return ran


def test_every_node_and_flow_of_the_process_is_drawn() -> None:
    for made, catalogue in bundles(40):
        root = etree.fromstring(render_bpmn(made, catalogue).encode())
        drawn = {one.get("bpmnElement") for one in root.iter(f"{_DI}BPMNShape", f"{_DI}BPMNEdge")}
        kinds = (
            "startEvent",
            "endEvent",
            "userTask",
            "parallelGateway",
            "sequenceFlow",
            "lane",
            "participant",
        )
        nodes = {one.get("id") for kind in kinds for one in root.iter(_BPMN + kind)}
        assert nodes == drawn
        refs = [one.text for one in root.iter(f"{_BPMN}flowNodeRef")]
        assert len(refs) == len(set(refs))


@pytest.mark.parametrize("name", list(RENDERERS))
def test_any_plan_can_be_shown(name: str) -> None:
    for made, catalogue in bundles(60):
        assert RENDERERS[name](made, catalogue) == RENDERERS[name](made, catalogue)
