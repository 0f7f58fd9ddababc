# SPDX-License-Identifier: Apache-2.0
"""Reading a DMN model and deciding with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from yiwang.engines.dmn import Evaluation, Input, Logic, Model, Service, read_model
from yiwang.engines.dmn.running import MAX_STEPS
from yiwang.engines.rules import RuleError

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
OLD_SPACE = "http://www.omg.org/spec/DMN/20180521/MODEL/"


def model(
    inside: str, *, space: str = SPACE, others: dict[str, Model] | None = None, name: str = "甲"
) -> Model:
    text = f'<definitions xmlns="{space}" name="{name}" namespace="{name}">{inside}</definitions>'
    return read_model(text.encode(), others)


def decision(name: str, logic: str, *requires: str, of: str = "") -> str:
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{each}"/></informationRequirement>'
        for each in requires
    )
    kind = f' typeRef="{of}"' if of else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{kind}/>{needs}{logic}</decision>'


def feel(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression><text>{escaped}</text></literalExpression>"


def given(name: str, of: str = "") -> str:
    kind = f' typeRef="{of}"' if of else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{kind}/></inputData>'


def decide(read: Model, name: str, **inputs: Any) -> Any:
    references = {(read.namespace, key): value for key, value in inputs.items()}
    return Evaluation(read, references).value((read.namespace, name))


@pytest.mark.parametrize("space", [SPACE, OLD_SPACE])
def test_a_decision_sees_what_it_requires(space: str) -> None:
    inside = given("面积") + decision("加倍", feel("面积 * 2"), "面积") + decision("盲", feel("面积"))
    read = model(inside, space=space)
    assert decide(read, "加倍", 面积=Decimal(3)) == 6
    assert decide(read, "盲", 面积=Decimal(3)) is None


def test_names_may_hold_spaces_and_operators() -> None:
    inside = '<inputData id="i" name="Applicant Age-Group (now)"/>' + decision(
        "d", feel("Applicant Age-Group (now) + 1"), "i"
    )
    read = model(inside)
    assert Evaluation(read, {("甲", "i"): Decimal(1)}).value(("甲", "d")) == 2


TABLE = """<decisionTable hitPolicy="{hit}">
<input><inputExpression><text>年龄</text></inputExpression></input>
<output><outputValues><text>"高", "低"</text></outputValues></output>
<rule><inputEntry><text>&lt; 60</text></inputEntry><outputEntry><text>"低"</text></outputEntry></rule>
<rule><inputEntry><text>not([20..30))</text></inputEntry><outputEntry><text>"高"</text></outputEntry></rule>
</decisionTable>"""


@pytest.mark.parametrize(
    ("hit", "age", "gives"),
    [
        ("UNIQUE", 25, "低"),
        ("UNIQUE", 30, None),
        ("FIRST", 40, "低"),
        ("PRIORITY", 40, "高"),
        ("RULE ORDER", 40, ("低", "高")),
        ("OUTPUT ORDER", 40, ("高", "低")),
    ],
)
def test_a_table_keeps_its_hit_policy(hit: str, age: int, gives: Any) -> None:
    read = model(given("年龄") + decision("级", TABLE.format(hit=hit), "年龄"))
    assert decide(read, "级", 年龄=Decimal(age)) == gives


def test_values_outside_the_allowed_are_null_and_noted() -> None:
    inside = (
        '<itemDefinition name="t业态"><typeRef>string</typeRef><allowedValues><text>"餐饮", "零售"</text>'
        "</allowedValues></itemDefinition>" + given("业态", "t业态") + decision("回声", feel("业态"), "业态")
    )
    read = model(inside)
    assert decide(read, "回声", 业态="餐饮") == "餐饮"
    evaluation = Evaluation(read, {("甲", "业态"): "航天"})
    assert evaluation.value(("甲", "回声")) is None
    assert "业态" in evaluation.problems[0]


KNOWLEDGE = """<businessKnowledgeModel id="翻" name="翻"><variable name="翻"/><encapsulatedLogic>
<formalParameter name="x" typeRef="number"/><literalExpression><text>x * 2</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel>
<decision id="用" name="用"><variable name="用"/>
<knowledgeRequirement><requiredKnowledge href="#翻"/></knowledgeRequirement>
<invocation><literalExpression><text>翻</text></literalExpression>
<binding><parameter name="x"/><literalExpression><text>{argument}</text></literalExpression>
</binding></invocation>
</decision>"""


@pytest.mark.parametrize(("argument", "gives"), [("4", 8), ('"四"', None)])
def test_business_knowledge_is_called_with_fitting_arguments(argument: str, gives: Any) -> None:
    assert decide(model(KNOWLEDGE.format(argument=argument)), "用") == gives


SERVICE = """<decision id="入" name="入"><variable name="入"/>
<literalExpression><text>1</text></literalExpression></decision>
<decision id="出" name="出"><variable name="出"/>
<informationRequirement><requiredDecision href="#入"/></informationRequirement>
<literalExpression><text>入 + 1</text></literalExpression></decision>
<decisionService id="服" name="服"><variable name="服"/>
<outputDecision href="#出"/><inputDecision href="#入"/></decisionService>
<decision id="调" name="调"><variable name="调"/>
<knowledgeRequirement><requiredKnowledge href="#服"/></knowledgeRequirement>
<literalExpression><text>服(10)</text></literalExpression></decision>"""


def test_a_service_puts_its_inputs_in_place_of_the_decisions() -> None:
    read = model(SERVICE)
    assert decide(read, "调") == 11
    assert decide(read, "出") == 2
    service = read.element("服")
    assert isinstance(service, Service)
    assert Evaluation(read, {}).served(service, {("甲", "入"): Decimal(5)}) == 6


def test_an_imported_model_is_reached_by_its_name() -> None:
    base = model(decision("数", feel("7")), name="乙")
    inside = (
        f'<import name="那边" namespace="乙" importType="{SPACE}"/>'
        '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
        '<requiredDecision href="乙#数"/></informationRequirement>'
        "<literalExpression><text>那边.数 + 1</text></literalExpression></decision>"
    )
    assert decide(model(inside, others={"乙": base}), "d") == 8
    with pytest.raises(RuleError, match="缺少它引用的模型"):
        model(inside)


def test_decisions_that_need_each_other_are_null_and_noted() -> None:
    circle = "".join(
        f'<decision id="{one}" name="{one}"><variable name="{one}"/><informationRequirement>'
        f'<requiredDecision href="#{two}"/></informationRequirement>{feel(two)}</decision>'
        for one, two in (("子", "丑"), ("丑", "子"))
    )
    evaluation = Evaluation(model(circle), {})
    assert evaluation.value(("甲", "子")) is None
    assert any("绕成了圈" in each for each in evaluation.problems)


def test_logic_that_cannot_be_read_is_named_and_null() -> None:
    read = model(decision("坏", feel("1 +")) + decision("好", feel("1")))
    assert read.problems[0].startswith("坏：")
    assert decide(read, "坏") is None
    assert decide(read, "好") == 1
    assert isinstance(read.element("坏"), Logic)
    assert not isinstance(read.element("坏"), Input)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (b"<definitions/>", "1.2"),
        (b"<definitions", "XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><definitions xmlns="' + SPACE.encode() + b'"/>', "DOCTYPE"),
        (b" " * 5_000_001, "太大"),
    ],
)
def test_what_is_no_safe_model_is_refused(text: bytes, what: str) -> None:
    with pytest.raises(RuleError, match=what):
        read_model(text)


def test_a_type_that_holds_itself_is_refused() -> None:
    with pytest.raises(RuleError, match="包在里面"):
        model(
            '<itemDefinition name="t"><itemComponent name="a"><typeRef>t</typeRef></itemComponent>'
            "</itemDefinition>"
        )


BOXES = [
    (
        "<context><contextEntry><variable name='a'/>{2}</contextEntry>"
        "<contextEntry>{a+1}</contextEntry></context>",
        3,
    ),
    ("<list>{1}{2}</list>", (1, 2)),
    ("<relation><column name='a'/><row>{1}</row><row>{2}</row></relation>", ({"a": 1}, {"a": 2})),
    ("<conditional><if>{true}</if><then>{1}</then><else>{2}</else></conditional>", 1),
    ("<filter><in>{[1,2,3]}</in><match>{item > 1}</match></filter>", (2, 3)),
    ("<for iteratorVariable='x'><in>{[1,2]}</in><return>{x * 2}</return></for>", (2, 4)),
    ("<some iteratorVariable='x'><in>{[1,2]}</in><satisfies>{x > 1}</satisfies></some>", True),
    ("<every iteratorVariable='x'><in>{[1,2]}</in><satisfies>{x > 1}</satisfies></every>", False),
]


@pytest.mark.parametrize(("box", "gives"), BOXES)
def test_boxed_expressions(box: str, gives: Any) -> None:
    parts = box.replace("{", "\0{").split("\0")
    text = "".join(
        part if not part.startswith("{") else feel(part[1 : part.index("}")]) + part[part.index("}") + 1 :]
        for part in parts
    )
    assert decide(model(decision("d", text)), "d") == gives


ENDLESS = """<businessKnowledgeModel id="慢" name="慢"><variable name="慢"/><encapsulatedLogic>
<formalParameter name="x"/>
<literalExpression><text>count(for i in 1..900 return i)</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel>
<decision id="d" name="d"><variable name="d"/>
<knowledgeRequirement><requiredKnowledge href="#慢"/></knowledgeRequirement>
<literalExpression><text>for i in 1..900 return 慢(i)</text></literalExpression></decision>"""


def test_what_is_called_takes_its_part_of_the_steps() -> None:
    evaluation = Evaluation(model(ENDLESS), {})
    assert evaluation.steps == MAX_STEPS
    evaluation.steps = MAX_STEPS // 10  # which neither the calls nor what is called would use up alone
    assert evaluation.value(("甲", "d")) is None
    assert any("步数太多" in each for each in evaluation.problems)
    assert evaluation.steps < 1
