# SPDX-License-Identifier: Apache-2.0
"""`yiwang licence`: check a licence's file, write one out for stock OpenSSL, audit all of them."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.engines.papers import check_file
from yiwang.engines.sealing import Report, SealingError, TrustStore, load_trust
from yiwang.kernel.errors import Conflict, NotFound

from .cli_records import actor, as_option, database
from .cli_seal import Moment, show
from .cli_stock import flowback, stock

if TYPE_CHECKING:
    from yiwang.apps.licences.public import FileCheck, LicenceView

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("licence")
def group() -> None:
    """电子证照：核验文件，导出供 OpenSSL 核验的全部材料，核对库里的证照有没有被改动。"""


group.add_command(stock)
group.add_command(flowback)


@group.command("verify")
@click.argument("file", type=_FILE, metavar="文件")
@click.option(
    "--trust",
    "trusted",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="信任的证书文件或文件夹；写了就不用数据库，也不查证照现在的状态；可重复",
)
@click.option("--crl", "lists", type=_FILE, multiple=True, help="撤销列表文件；可重复")
@click.option("--at", type=Moment(), help="在哪个时间核验，不写就是现在；没有时区的按北京时间")
def verify(file: Path, trusted: tuple[Path, ...], lists: tuple[Path, ...], at: dt.datetime | None) -> None:
    """逐步核验证照文件（PDF、OFD、JSON）。通过时以 0 结束，不通过时以 1 结束，用法不对时以 2 结束。"""
    data = file.read_bytes()
    if not trusted:
        if at is not None or lists:
            raise click.UsageError("--at 和 --crl 要与 --trust 一起用：按本平台核验，总是核验现在。")
        with database():
            from yiwang.apps.licences.public import check_upload

            found = check_upload(data)
        show(found.report)
        _tell_now(found)
        _end(found.report)
    try:
        trust: TrustStore = load_trust(trusted, lists)
    except SealingError as error:
        raise click.UsageError(str(error)) from None
    report = check_file(data, trust, at=at or dt.datetime.now(dt.UTC))
    show(report)
    click.echo("文件只能证明签发时的样子：证照现在是否有效，请扫证照上的二维码查询。")
    _end(report)


def _end(report: Report) -> None:
    click.get_current_context().exit(0 if report.ok else 1)


def _tell_now(found: FileCheck) -> None:
    """How the licence stands now, if the file is one of ours."""
    if found.now is None:
        click.echo("这不是本平台签发的文件原件，本平台查不到它现在的状态，请向发证机关核实。")
        return
    if not found.newest:
        click.echo("证照在签发这份文件以后更正过：请使用更正后的文件。")
    click.echo(f"证照现在的状态：{found.now.word}（{found.now.type_name}，{found.now.issuer}）。")


@group.command("export")
@click.argument("number", metavar="证照编号")
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="写到哪个目录"
)
@click.option("--type", "material", default="", help="证照类型编号；两类证照的编号相同时要写")
@click.option("--purpose", required=True, help="导出做什么用；会记入日志，持证人看得到")
@as_option
def export(number: str, folder: Path, material: str, purpose: str, name: str | None) -> None:
    """导出一件证照的 PDF、OFD、JSON，以及用 OpenSSL 核验它们要用的文件和命令（CHECK.md）。"""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} 里已经有文件，没有覆盖。", mend="请换一个新目录。")
    with database():
        from yiwang.apps.licences.public import FORMS, hand_out, status_url, write_kit

        found = _one(number, material)
        contents = {form: hand_out(actor(name), found.public_id, form, purpose=purpose)[1] for form in FORMS}
        url = status_url(found.check_code)
    try:
        written = write_kit(contents, folder, url=url)
    except OSError as error:
        raise click.ClickException(f"写不了 {folder}：{error.strerror}。请换一个位置。") from error
    click.echo(
        f"{folder}：{len(written)} 个文件，含个人信息，只有本人可读。核验的命令见 {folder / 'CHECK.md'}。"
    )


def _one(number: str, material: str) -> LicenceView:
    from yiwang.apps.licences.public import numbered

    found = [one for one in numbered(number) if not material or one.material == material]
    if not found:
        raise NotFound(f"没有编号为 {number} 的证照。", mend="请核对编号。")
    if len(found) > 1:
        kinds = "、".join(one.material for one in found)
        raise Conflict(f"有 {len(found)} 类证照用这个编号：{kinds}。", mend="请用 --type 写明类型。")
    return found[0]


@group.command("audit")
@click.option("--files", "contents", is_flag=True, help="逐个读出签章文件核对摘要（较慢）")
def audit(contents: bool) -> None:
    """核对库里的证照：逐件指出被改动、删除、增加、调换的行；先核对日志。有问题时退出码为 1。"""
    count = 0
    with database():
        from yiwang.apps.journal.public import verify as verify_journal
        from yiwang.apps.licences.public import audit as problems

        for check in (verify_journal(), problems(contents=contents)):
            for problem in check:
                count += 1
                click.echo(str(problem))
    if count:
        click.echo(f"有 {count} 处问题。请保留现场，从备份中找出原来的行。")
        sys.exit(1)
    click.echo("日志完好，证照与日志一致，签章文件都在。")
