# SPDX-License-Identifier: Apache-2.0
"""`yiwang benefits`: what a policy needs to know, what one subject is owed, who of a whole file is."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from yiwang.engines import house
from yiwang.engines.benefits import Entitlement, Policy, calculate_all, facts_needed, next_questions
from yiwang.engines.benefits.kinds import FORM_WORDS, Form
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.rule_types import rule_types
from yiwang.kernel.dates import parse_date, today_in_china
from yiwang.kernel.errors import NotFound

from .cli_rules import read_facts
from .populations import BACKENDS, Source

__all__ = ["group"]

_ON = click.option("--on", help="哪一天，如 2023-05-04；默认今天")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON")


@click.group()
def group() -> None:
    """惠企惠民政策：要看哪些情况、能得到什么、谁符合。"""


def _policies(catalogue: Catalogue, wanted: str) -> list[Policy]:
    known: Mapping[str, Any] = catalogue.others.get("policies", {})
    if wanted == "all":
        return list(known.values())
    if wanted not in known:
        raise NotFound(f"没有编号为“{wanted}”的政策。", mend="请用 yiwang benefits describe all 查看全部。")
    return [known[wanted]]


@group.command()
@click.argument("policy")
@_JSON
def describe(policy: str, as_json: bool) -> None:
    """一项政策（或 all）要看哪些情况：名称、问法、类型、单位。"""
    catalogue = house.load()
    policies = _policies(catalogue, policy)
    elements = {element.name: element for element in catalogue.elements.values()}
    needs = [elements[name] for name in facts_needed(policies) if name in elements]
    if as_json:
        facts = [
            {"name": e.name, "question": e.question, "type": e.type.value, "unit": e.unit or "",
             "choices": [c.value for c in e.choices]}
            for e in needs
        ]  # fmt: skip
        said = [
            {"id": p.id, "name": p.name, "brings": p.brings, "to": p.to.value, "level": p.level.value,
             "views": [view.value for view in p.views], "guide": p.when is None,
             "valid_from": _day(p.valid_from), "valid_to": _day(p.valid_to), "quote": p.cite.quote or ""}
            for p in policies
        ]  # fmt: skip
        click.echo(json.dumps({"policies": said, "facts": facts}, ensure_ascii=False))
        return
    for one in policies:
        click.echo(f"{one.id}  {one.name}：{one.brings}（{one.cite.doc} {one.cite.at}）")
        if one.valid_to is not None:
            click.echo(f"    有效期：{_day(one.valid_from) or '印发之日'} 至 {_day(one.valid_to)}")
    for element in needs:
        unit = f"（{element.unit}）" if element.unit else ""
        click.echo(f"  {element.name}{unit}：{element.question}")


@group.command()
@click.argument("policy")
@click.option("--facts", "facts_file", type=click.Path(path_type=Path), help="事实文件（JSON：名称 → 值）")
@_ON
@_JSON
def calculate(policy: str, facts_file: Path | None, on: str | None, as_json: bool) -> None:
    """一家企业或一个人能得到什么，为什么；还差信息的，说明差什么。"""
    catalogue = house.load()
    facts = read_facts(facts_file, rule_types(catalogue))
    day = parse_date(on) if on else today_in_china()
    found = calculate_all(_policies(catalogue, policy), facts, day)
    if as_json:
        said = {
            "on": day.isoformat(),
            "policies": [_plain(each) for each in found],
            "ask": list(next_questions(found)),
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for each in found:
        _tell(each)
    if asked := next_questions(found):
        click.echo(f"先弄清这些，能定的最多：{'、'.join(asked[:5])}")


def _plain(each: Entitlement) -> dict[str, Any]:
    return {
        "id": each.policy.id,
        "name": each.policy.name,
        "standing": each.standing.value,
        "fen": each.fen,
        "upper_bound": bool(each.policy.money and each.policy.money.upper_bound),
        "form": each.policy.money.form.value if each.policy.money else "",
        "needs": list(each.needs),
        "why": each.why.text.splitlines() if each.why else [],
        "clause": each.clause,
        "quote": each.policy.cite.quote or "",
        "yields_to": each.yields_to,
        "instalments": [list(one) for one in each.instalments()],
        "payers": [list(one) for one in each.payers()],
        "then": _plain(each.then) if each.then else None,
    }


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _tell(each: Entitlement) -> None:
    click.echo(f"{each.policy.name}：{each.standing.term}{_money(each)}（{each.clause}）")
    if each.policy.cite.quote:
        click.echo(f"    原文：“{each.policy.cite.quote}”")
    for line in each.why.text.splitlines() if each.why else []:
        click.echo(f"    {line}")
    if each.then:
        click.echo(f"    在有效期内时：{each.then.standing.term}{_money(each.then)}")
        for line in each.then.why.text.splitlines() if each.then.why else []:
            click.echo(f"      {line}")


def _money(each: Entitlement) -> str:
    if not each.fen:
        return ""
    most = "最多 " if _bound(each) else ""
    return f"，{_less(each.policy)}{most}{Decimal(each.fen) / 100:,.2f} 元"


def _less(policy: Policy) -> str:
    """Words before an amount that is not paid out."""
    form = policy.money.form if policy.money else Form.PAID
    return "" if form is Form.PAID else FORM_WORDS[form]


def _bound(each: Entitlement) -> bool:
    return bool(each.policy.money and each.policy.money.upper_bound)


@group.command()
@click.argument("policy", default="all")
@click.option(
    "--data", required=True, help="Parquet 文件，或者表名（postgres、spark）；列名与数据元的名称一致"
)
@click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    default="duckdb",
    show_default=True,
    help="在哪里算：本进程、YIWANG_DATABASE_URL 的服务器、Spark 集群",
)
@click.option("--to", type=click.Path(path_type=Path), help="结果写入这个 Parquet 文件")
@click.option("--key", default="id", show_default=True, help="哪一列是编号")
@_ON
def match(policy: str, data: str, backend: str, to: Path | None, key: str, on: str | None) -> None:
    """全部对象一次算完：每项政策多少人符合、共多少钱；不能算的政策说明为什么。"""
    from yiwang.conf.matching import match_all  # brings the population engine, which takes its time

    catalogue = house.load()
    day = parse_date(on) if on else today_in_china()
    summary = match_all(catalogue, _policies(catalogue, policy), Source(data, backend, key), on=day, to=to)
    _summarise(summary.rows, summary.left_out)


def _summarise(rows: Sequence[tuple[Policy, int, int, int]], left_out: Mapping[str, str]) -> None:
    for one, fits, open_, fen in rows:
        money = f"，{_less(one)}共 {Decimal(fen) / 100:,.2f} 元" if one.money else ""
        click.echo(f"{one.name}：符合 {fits}，还不能确定 {open_}{money}")
    for name, why in left_out.items():
        click.echo(f"没有计算 {name}：{why}", err=True)
