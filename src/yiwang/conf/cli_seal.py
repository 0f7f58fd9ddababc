# SPDX-License-Identifier: Apache-2.0
"""`yiwang seal`: verify a seal, a seal signature or a sealed file, step by step, without a database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from yiwang.engines.papers import check_file
from yiwang.engines.sealing import (
    Report,
    SealingError,
    Step,
    TrustStore,
    holds_signature,
    load_trust,
    sm3,
    verify_seal,
    verify_signature,
)

_CHINA = dt.timezone(dt.timedelta(hours=8))
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SEQUENCE = b"\x30"


class Moment(click.ParamType):
    """An ISO date and time; China's time when it names no zone."""

    name = "时间"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """The moment; a wrong one ends the command with 2."""
        try:
            moment = dt.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}”不是时间，请写成 2026-11-21T10:00。", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=_CHINA)


class Digest(click.ParamType):
    """32 octets in hexadecimal."""

    name = "杂凑值"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> bytes:
        """The octets; anything else ends the command with 2."""
        try:
            digest = bytes.fromhex(str(value))
        except ValueError:
            digest = b""
        if len(digest) != 32:
            self.fail("原文的 SM3 杂凑值应是 64 个十六进制数字。", param, ctx)
        return digest


@click.group("seal")
def group() -> None:
    """电子印章：核验印章和签章。"""


@group.command("verify")
@click.argument("file", type=_FILE)
@click.option("--digest", type=Digest(), help="原文的 SM3 杂凑值（十六进制）")
@click.option("--document", type=_FILE, help="原文文件，由本命令计算杂凑值")
@click.option(
    "--trust",
    "trusted",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="信任的证书文件，或放着证书和撤销列表的文件夹；可重复",
)
@click.option("--crl", "lists", type=_FILE, multiple=True, help="撤销列表文件；可重复")
@click.option("--at", type=Moment(), help="在哪个时间核验，不写就是现在；没有时区的按北京时间")
def verify(
    file: Path,
    digest: bytes | None,
    document: Path | None,
    trusted: tuple[Path, ...],
    lists: tuple[Path, ...],
    at: dt.datetime | None,
) -> None:
    """逐步核验 FILE：电子印章（.esl）、电子签章数据（.dat），或盖了章的 PDF、OFD、JSON 文件。

    通过时以 0 结束，不通过时以 1 结束，用法不对时以 2 结束。
    """
    if digest and document:
        raise click.UsageError("--digest 和 --document 只能写一个。")
    try:
        trust = load_trust(trusted, lists)
    except SealingError as error:
        raise click.UsageError(str(error)) from None
    asked = sm3(document.read_bytes()) if document else digest
    report = _verified(file.read_bytes(), asked, trust, at or dt.datetime.now(dt.UTC))
    show(report)
    if not trusted:
        click.echo("没有给出信任的证书：请用 --trust 指定根证书，用 --crl 指定撤销列表。", err=True)
    click.get_current_context().exit(0 if report.ok else 1)


def _verified(data: bytes, digest: bytes | None, trust: TrustStore, at: dt.datetime) -> Report:
    if not data.startswith(_SEQUENCE):
        if digest:
            raise click.UsageError("盖了章的文件自己带着原文，不需要 --digest 或 --document。")
        return check_file(data, trust, at=at)
    if not holds_signature(data):
        if digest:
            raise click.UsageError("这是电子印章，没有原文；--digest 和 --document 用于签章数据。")
        return verify_seal(data, trust, at=at)
    if digest is None:
        raise click.UsageError(
            "这是电子签章数据：请用 --document 给出原文，或用 --digest 给出它的 SM3 杂凑值。"
        )
    return verify_signature(data, digest=digest, trust=trust, at=at)


def show(report: Report) -> None:
    """Print every step and what it comes to."""
    click.echo(report.subject)
    for step in report.steps:
        click.echo(f"{step.number:>3}. {_word(step)} {step.name}：{step.why}")
    failed = report.failed
    click.echo(f"结论：不通过，止于第 {failed.number} 步“{failed.name}”。" if failed else "结论：通过。")


def _word(step: Step) -> str:
    if step.ok:
        return "通过　"
    return "不通过" if step.checked else "未检查"
