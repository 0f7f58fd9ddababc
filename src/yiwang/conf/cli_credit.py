# SPDX-License-Identifier: Apache-2.0
"""`yiwang credit`: facts as columns, the evaluation of one firm and of all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from yiwang.kernel.dates import parse_date, today_in_china

from .cli_records import actor, as_option, database

_STORE = click.option(
    "--store", "directory", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="列存目录，没有则新建；里面是个人和企业的信用信息，请限制访问",
)  # fmt: skip
_ON = click.option("--on", help="哪一天，如 2026-11-01；默认今天")
_EVALUATION = click.option(
    "--by", "evaluation", default="evaluation-firms", show_default=True, help="评价办法"
)


@click.group("credit")
def group() -> None:
    """公共信用：导出列存、综合评价、分级分类。"""


@group.command("export")
@_STORE
@as_option
def export(directory: Path, name: str | None) -> None:
    """把新的、更正的、结束的信用信息写成按决定年份分开的 Parquet；可以中断，再运行从断处接着做。"""
    with database():
        from yiwang.apps.credit.public import export_facts

        done = export_facts(actor(name), directory, now=dt.datetime.now(dt.UTC))
    click.echo(f"写入 {done.records} 条，分 {done.steps} 步；目录里现有 {done.rows} 行。")


@group.command("merge")
@_STORE
def merge(directory: Path) -> None:
    """把各次导出合成少数大文件，更正过的只留最新；可以中断，读的人不受影响。不需要数据库。"""
    from yiwang.engines.credit.store import Store
    from yiwang.engines.credit.store_merging import merge as merge_steps

    made = merge_steps(Store(directory), now=dt.datetime.now(dt.UTC))
    click.echo(
        f"已合并到第 {made.merged} 步：{len(made.parts)} 个文件，{made.rows} 行。原来的文件一天后删去。"
    )


@group.command("check")
@_STORE
def check(directory: Path) -> None:
    """核对列存目录的每个文件与清单的摘要；不符时以 1 结束。"""
    from yiwang.engines.credit.store import Store

    store = Store(directory)
    wrong = store.wrong()
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        click.echo("请从备份恢复这些文件，或者换一个空目录重新导出。", err=True)
        raise SystemExit(1)
    click.echo(f"{len(store.manifest().parts)} 个文件都与清单相符。")


@group.command("evaluate")
@_STORE
@_EVALUATION
@_ON
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path),
    help="结果（Parquet）；默认放进数据目录，“分级分类监管”页面读它",
)  # fmt: skip
@as_option
def evaluate(directory: Path, evaluation: str, on: str | None, to: Path | None, name: str | None) -> None:
    """全部企业一次评完，用列存里的信用信息：每家的各项计数、得分、等级。"""
    with database():
        from yiwang.apps.credit.public import evaluate_firms, run_for_pages

        day = parse_date(on) if on else today_in_china()
        if to is None:
            done = run_for_pages(actor(name), directory, evaluation, on=day)
        else:
            done = evaluate_firms(actor(name), directory, evaluation, on=day, to=to)
    click.echo("，".join(f"{grade} {count} 家" for grade, count in done.classes.items()))
    click.echo(f"已写入 {to or '数据目录'}。所用的目录版本：{done.release}")


@group.command("explain")
@click.argument("code", metavar="统一社会信用代码")
@_EVALUATION
@_ON
@click.option("--purpose", required=True, help="为什么查，写入日志")
@as_option
def explain(code: str, evaluation: str, on: str | None, purpose: str, name: str | None) -> None:
    """一家企业为什么是这个得分和等级：用了哪些信息、按哪一条、哪一条没有了会怎样。"""
    with database():
        from yiwang.apps.credit.public import evaluate_subject, firm_with

        day = parse_date(on) if on else today_in_china()
        told = evaluate_subject(actor(name), firm_with(code), evaluation, on=day, purpose=purpose)
    click.echo(f"{told.evaluation.name}：{told.score:f} 分，{told.grade.name}。{told.grade.brings}")
    for line in told.lines:
        if line.points:
            click.echo(
                f"  {line.clause.name} {line.points:+f}（{line.clause.cite.doc} {line.clause.cite.at}）"
            )
    changes = {one.fact.record: one for one in told.changes}
    for one in told.used:
        last = f"计到 {one.last}" if one.last else "长期计算"
        changed = changes.get(one.fact.record)
        without = f"；没有它是 {changed.score:f} 分 {changed.grade.name}" if changed else ""
        counted = "、".join(one.indicators) or "守信名单因此暂停"
        click.echo(f"  {one.fact.record} {one.fact.decided} {counted}，{last}{without}")
    for one in told.resting:
        click.echo(f"  {one.fact.record} {one.fact.decided} 暂停，不计分")


@group.command("history")
@click.argument("code", metavar="统一社会信用代码")
@_STORE
@click.option("--purpose", required=True, help="为什么查，写入日志")
@as_option
def history(code: str, directory: Path, purpose: str, name: str | None) -> None:
    """一家企业在列存里的全部信用信息，过期和已结束的也在内。"""
    with database():
        from yiwang.apps.credit.public import firm_with, history_in

        found = history_in(actor(name), directory, firm_with(code), purpose=purpose)
    for one in found:
        ended = f"，{one.ended} 起不再计算" if one.ended else ""
        click.echo(f"{one.decided} {one.catalogue} {one.severity or ''} 第{one.version}版 {one.org}{ended}")
    click.echo(f"共 {len(found)} 条。")
