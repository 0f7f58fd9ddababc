# SPDX-License-Identifier: Apache-2.0
"""`yiwang rules`: read, check, run and explain a rule with the city's data elements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from yiwang.engines import house, rules
from yiwang.engines.benefits import facts_of
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.kernel.errors import Invalid

__all__ = ["group"]

_RULE = click.argument("rule")
_FACTS = click.option(
    "--facts", "facts_file", type=click.Path(path_type=Path), help="事实文件（JSON：名称 → 值）"
)
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON")


@click.group()
def group() -> None:
    """规则：核对、计算、说明理由。"""


def read_facts(file: Path | None, types: Any) -> dict[str, Any]:
    """The facts in a file. Raises Invalid when it is not JSON, RuleError for a value that does not fit."""
    if file is None:
        return {}
    try:
        written = json.loads(file.read_text(encoding="utf-8"), parse_float=str)
    except FileNotFoundError:
        raise Invalid(f"没有文件 {file}。", mend="请核对路径。") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Invalid(f"{file} 不是 JSON：{error}。", mend='请写成 {"名称": 值} 的样子。') from None
    if not isinstance(written, dict):
        raise Invalid(f"{file} 里不是“名称: 值”。", mend='请写成 {"名称": 值} 的样子。')
    return facts_of(written, types)


def plain(value: Any) -> Any:
    """A value of the rule language as JSON has it; numbers as text, so that no digit is lost."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else rules.say_value(value)


@group.command()
@_RULE
@_JSON
def check(rule: str, as_json: bool) -> None:
    """核对一条规则：读不读得懂，名称和类型对不对；并用中文说一遍。"""
    types = rule_types(house.load())
    tree = rules.parse(rule)
    found = rules.check(tree, types)
    said = {"type": str(found), "names": list(rules.names(tree)), "words": rules.words(tree)}
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"读得懂：{said['words']}\n结果是：{found}\n用到：{'、'.join(rules.names(tree)) or '（无）'}")


@group.command(name="eval")
@_RULE
@_FACTS
@_JSON
def evaluate(rule: str, facts_file: Path | None, as_json: bool) -> None:
    """按事实算出一条规则的结果；还不知道的，结果是空。"""
    types = rule_types(house.load())
    tree = rules.parse(rule)
    rules.check(tree, types)
    value = rules.evaluate(tree, read_facts(facts_file, types))
    click.echo(json.dumps(plain(value), ensure_ascii=False) if as_json else rules.say_value(value))


@group.command()
@_RULE
@_FACTS
@_JSON
def explain(rule: str, facts_file: Path | None, as_json: bool) -> None:
    """说明一条规则的结果凭什么：每个条件怎样、差多少、还缺什么。"""
    types = rule_types(house.load())
    tree = rules.parse(rule)
    rules.check(tree, types)
    told = rules.explain(tree, read_facts(facts_file, types))
    if not as_json:
        click.echo(f"结果：{rules.say_value(told.value)}")
        click.echo(told.text)
        return
    conditions = [
        {"text": each.text, "outcome": each.outcome, "decisive": each.decisive} for each in told.conditions
    ]
    said = {"value": plain(told.value), "conditions": conditions, "needs": list(told.unknown_names)}
    click.echo(json.dumps(said, ensure_ascii=False))
