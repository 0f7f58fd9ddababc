# SPDX-License-Identifier: Apache-2.0
"""`yiwang licence stock` and `yiwang licence flowback`: take over sheets of licences, and packages that
flow back from other systems."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli_records import actor, as_option, database

if TYPE_CHECKING:
    from yiwang.apps.licences.public import ProblemView, SheetView

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PURPOSES = ("stock", "batch", "periodic")


@click.command("stock")
@click.argument("file", type=_FILE, metavar="表格")
@click.option("--org", required=True, help="报送单位的编号，例如 market-regulation")
@click.option(
    "--purpose",
    type=click.Choice(PURPOSES),
    default="stock",
    show_default=True,
    help="stock 存量转换，batch 批量制发，periodic 定期批量导入",
)
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="把要改的行写到这个文件（CSV）"
)
@as_option
def stock(file: Path, org: str, purpose: str, report: Path | None, name: str | None) -> None:
    """把 CSV 或 XLSX 表格里的纸质证照录入证照库：对的行入库，错的行列出来。

    中途停了，再运行同一条命令就从停下的地方接着做，不会重复。全部入库以 0 结束；有要改的行或者整个
    表格不能用，以 1 结束。
    """
    with database():
        from yiwang.apps.licences import public as licences

        who = actor(name)
        sheet = licences.hand_in_sheet(
            who,
            org=org,
            purpose=licences.Purpose(purpose),
            name=file.name,
            content=file.read_bytes(),
        )
        for _ in licences.run_sheet(sheet):
            seen = licences.finished(sheet)
            click.echo(
                f"{seen.done_rows} / {seen.total_rows} 行，入库 {seen.issued}，要改 {seen.wrong}", err=True
            )
        view = licences.finished(sheet)
        if report and view.wrong:
            with report.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows(licences.report_of(who, sheet))
        problems = licences.problems_of(who, sheet, limit=20)
    _tell(view, problems, report)
    sys.exit(0 if view.state is licences.SheetState.DONE and not view.wrong else 1)


def _tell(view: SheetView, problems: list[ProblemView], report: Path | None) -> None:
    click.echo(
        f"{view.state.term}：共 {view.total_rows} 行，新入库 {view.issued}，原已在库 {view.known}，"
        f"更新状态 {view.updated}，要改 {view.wrong}。"
    )
    if view.fault:
        click.echo(view.fault)
    for one in problems:
        click.echo(f"第{one.row}行 {one.column or '整行'}：{one.what} → {one.mend}")
    if view.wrong:
        where = f"要改的行写在 {report}。" if report else "加上 --report 文件名，可以把要改的行写成表格。"
        click.echo(f"{where}改好后原样再运行一次即可。")


@click.command("flowback")
@click.argument("file", type=_FILE, metavar="数据包")
@click.option("--source", required=True, help="哪个系统回流的，例如 国家政务服务平台")
@as_option
def flowback(file: Path, source: str, name: str | None) -> None:
    """接收国家、省里系统回流的证照：ZIP 数据包，里面是 index.json 或 index.csv 和证照文件。

    每条单独办理；带电子印章的文件核验不过就不收那一条。同一个包再来一次不会重复。有没收的以 1 结束。
    """
    with database():
        from yiwang.apps.licences.public import take_package

        view = take_package(actor(name), file.read_bytes(), source=source)
    click.echo(f"新收 {view.taken} 件，原已在库 {view.known} 件，没有收 {view.wrong} 条。")
    for place, what, mend in view.problems:
        click.echo(f"第{place}条：{what} → {mend}")
    sys.exit(1 if view.wrong else 0)
