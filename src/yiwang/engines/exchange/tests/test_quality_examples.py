# SPDX-License-Identifier: Apache-2.0
"""Every kind of rule by an example that can be read without the code; how rules are said and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from yiwang.engines.definitions import KINDS, Report, inspect
from yiwang.engines.exchange import EXCHANGE_KINDS
from yiwang.engines.exchange.quality_checks import check_quality
from yiwang.engines.exchange.quality_kinds import QualityKind, QualityRule
from yiwang.engines.exchange.quality_words import say_rule

from .quality_support import CITE, judged, resource

EXAMPLES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("quality_examples.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["says"][:12] for one in EXAMPLES])
def test_an_example(example: dict[str, Any]) -> None:
    rows = [{"number": None, **row} for row in example["rows"]]
    told = [{**row, "code": row.get("code")} for row in rows]
    (outcome,) = judged([{"id": "x", **example["rule"]}], told, example.get("other", ()))
    names = {row.get("code") or f"第{number}行": row["name"] for number, row in enumerate(rows, 1)}
    by_key: dict[str, list[str]] = {}
    for number, row in enumerate(rows, 1):
        by_key.setdefault(row.get("code") or f"第{number}行", []).append(row["name"])
    assert sorted({name for one in outcome.samples for name in by_key[one]}) == sorted(example["fails"])
    assert outcome.failed == len(example["fails"])
    assert outcome.judged == len(rows) - len(example.get("not_judged", ()))
    assert names


def test_every_kind_has_an_example() -> None:
    shown = {example["rule"]["kind"] for example in EXAMPLES}
    assert shown | {"fresh"} == {kind.value for kind in QualityKind}  # of `fresh` there is no row to show


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"kind": "filled", "fields": ["name", "staff"]}, "“名称”、“人数”都要填；99.5%以上的行要做到。"),
        ({"kind": "range", "fields": ["staff"], "minimum": 1}, "“人数”不小于1；99.5%以上的行要做到。"),
        (
            {"kind": "filled", "fields": ["staff"], "only_if": "是否开业 = true"},
            "凡开业的，“人数”都要填；99.5%以上的行要做到。",
        ),
        (
            {
                "kind": "agrees",
                "compared": {"resource": "o", "match": {"code": "code"}, "agree": {"name": "name"}},
            },
            "按“信用代码”在“企业登记”中查得到的，“名称”应当与它一致；99.5%以上的行要做到。",
        ),
        ({"kind": "fresh", "fields": ["changed"]}, "最新的“变更日期”应当在更新周期（每月）之内。"),
    ],
)
def test_a_rule_says_what_it_asks(rule: dict[str, Any], words: str) -> None:
    known = resource("one", [{"id": "x", "share": "0.995", **rule}])
    assert say_rule(known.quality[0], known, {"o": "企业登记"}) == words


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "filled"},
        {"kind": "filled", "fields": ["name"], "pattern": "x"},
        {"kind": "filled", "fields": ["name", "name"]},
        {"kind": "range", "fields": ["staff"]},
        {"kind": "pattern", "fields": ["name"]},
        {"kind": "pattern", "fields": ["name"], "pattern": "("},
        {"kind": "pattern", "fields": ["name"], "pattern": "(?=x)"},
        {"kind": "condition"},
        {"kind": "condition", "fields": ["name"], "holds": "人数 > 1"},
        {"kind": "agrees"},
        {"kind": "agrees", "compared": {"resource": "o", "match": {"code": "code"}}},
        {"kind": "fresh", "fields": ["founded", "changed"]},
        {"kind": "filled", "fields": ["name"], "share": "0"},
        {"kind": "filled", "fields": ["name"], "share": "1.1"},
    ],
)
def test_a_rule_that_says_too_little_or_too_much_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QualityRule.model_validate({"id": "x", "share": "1", "mend": "改", "cite": CITE, **rule})


_FILE = """
- id: shops
  name: 门店
  provider: health
  subject: thing
  library: department
  summary: 门店的基本信息
  sharing: unconditional
  grade: general_1
  cycle: irregular
  fields:
    - {{id: code, name: 编号, type: text, grade: general_1, key: true}}
    - {{id: staff, name: 人数, type: integer, grade: general_1}}
    - {{id: opened, name: 开业日期, type: date, grade: general_1}}
  quality:
    - {{id: x, share: 1, mend: 改, cite: {{doc: a, at: 一}}, {rule}}}
  cite: {{doc: a, at: 一}}
"""
_AROUND = {
    "sources/a.yaml": "- {id: a, name: 甲, kind: setting, publisher: 本市}",
    "orgs/a.yaml": "- {id: health, name: 卫健委, short_name: 卫健, kind: department, cite: {doc: a, at: 一}}",
}


def _checked(tmp_path: Path, rule: str) -> Report:
    for name, text in {**_AROUND, "exchange/a.yaml": _FILE.format(rule=rule)}.items():
        path = tmp_path / "national" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "levels.yaml").write_text("levels: [national]", encoding="utf-8")
    return inspect(tmp_path, kinds={**KINDS, **EXCHANGE_KINDS}, checks=(check_quality,))


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("kind: filled, fields: [stuff]", "不是本资源的信息项"),
        ("kind: range, fields: [code], minimum: 1", "只能看数"),
        ("kind: fresh, fields: [staff]", "只能看日期"),
        ("kind: fresh, fields: [opened]", "没有期限"),
        ("kind: condition, holds: 人数 + 1", "不是一个是或否的条件"),
        ("kind: condition, holds: 人次 > 1", "人次"),
        ("kind: condition, holds: 人数 / 人数 > 1", "取舍不同"),
        ("kind: agrees, compared: {resource: shops, match: {code: kode}, must_exist: true}", "与自己比对"),
        ("kind: agrees, compared: {resource: shops, match: {code: kode}, must_exist: true}", "kode"),
    ],
)
def test_definitions_with_rules_that_could_not_be_run_do_not_load(
    tmp_path: Path, rule: str, word: str
) -> None:
    told = [str(one) for one in _checked(tmp_path, rule).problems]
    assert any(word in one for one in told), told


def test_a_good_rule_loads(tmp_path: Path) -> None:
    assert not _checked(tmp_path, "kind: condition, holds: 人数 >= 0").problems
