# SPDX-License-Identifier: Apache-2.0
"""`yiwang archive`: hand an archive package out, and check one years later without any database."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from yiwang.engines.archives import lines
from yiwang.engines.archives import verify as check

from .cli_records import actor, as_option, database


@click.group("archive")
def archive() -> None:
    """归档包：导出一个办件的归档包，核对归档包有没有被改动。"""


@archive.command("export")
@click.argument("case", metavar="办件编号")
@click.option(
    "--to", "path", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件"
)
@as_option
def export(case: str, path: Path, name: str | None) -> None:
    """导出一个办结办件的归档包。含个人信息：文件只有本人可读，导出会记入日志，申请人看得到。"""
    if path.exists():
        raise click.BadParameter(f"{path} 已经存在，没有覆盖。请换一个文件名。", param_hint="--to")
    with database():
        from yiwang.apps.casework.public import archive_package

        found = archive_package(actor(name), case)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(found.content)
    except OSError as error:
        raise click.ClickException(f"写不了 {path}：{error.strerror}。请换一个位置。") from error
    until = f"保管至{found.keep_until}" if found.keep_until else "永久保管"
    click.echo(f"{path}：办件 {found.number}，{len(found.content)}字节，{until}")
    click.echo(f"SHA-256 {found.sha256}")


@archive.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
@click.option("--sha256", default="", help="当时登记的摘要（导出时显示过、办件日志里有）")
def verify(path: Path, sha256: str) -> None:
    """核对归档包：分步说明，第一处不符即停，退出码为 1。不需要数据库，也不解开文件。"""
    report = check(path, sha256=sha256)
    for line in lines(report):
        click.echo(line)
    click.echo(f"SHA-256 {report.sha256}")
    click.echo("归档包完好。" if report.ok else "归档包不能采信。请从另存的副本中找出原件。")
    if not report.ok:
        sys.exit(1)
