# SPDX-License-Identifier: Apache-2.0
"""`yiwang journal` and `yiwang outbox`: prove the journal, seal it, see what has not arrived."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.kernel.errors import Invalid, Unavailable

from .cli_server import start_django

if TYPE_CHECKING:
    from yiwang.kernel.actor import Actor

EVERYTHING = 1 << 62

as_option = click.option(
    "--as", "name", default=None, help="以谁的名义办理，写入日志；默认为操作系统的登录名"
)


def actor(name: str | None) -> Actor:
    """Whoever works at the command line, as a named system actor."""
    from yiwang.kernel.actor import system

    return system(name or getpass.getuser())


@contextmanager
def database() -> Iterator[None]:
    """Django with its tables. Raises Unavailable when the database does not answer or was not set up."""
    start_django()
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        mend = "第一次使用或升级之后请先运行 yiwang setup；仍不行请核对 YIWANG_DATABASE_URL。"
        raise Unavailable(f"数据库不能用：{what}。", mend=mend) from error


@click.group("journal")
def journal() -> None:
    """日志：核对有没有被改动，把新日志封存成批。"""


def _batch_and_digest(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[int, str]:
    known = {}
    for text in given:
        number, _, digest = text.partition(":")
        if not (number.isdecimal() and len(digest) == 64):
            raise click.BadParameter("应写成 批次:摘要，例如 12:3f9a…（64 位）")
        known[int(number)] = digest.lower()
    return known


def _day_and_digest(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[dt.date, str]:
    known = {}
    for text in given:
        day, _, digest = text.partition(":")
        try:
            known[dt.date.fromisoformat(day)] = digest.lower()
        except ValueError:
            digest = ""
        if len(digest) != 64:
            raise click.BadParameter("应写成 日期:摘要，例如 2026-03-02:3f9a…（64 位）")
    return known


@journal.command("verify")
@click.option(
    "--known-day",
    "known_days",
    multiple=True,
    callback=_day_and_digest,
    metavar="日期:摘要",
    help="另行留存的日根摘要（openssl dgst -sm3 day.txt），可写多次",
)
@click.option(
    "--known",
    multiple=True,
    callback=_batch_and_digest,
    metavar="批次:摘要",
    help="另行留存的批次摘要（yiwang journal seal 显示过的），可写多次",
)
def verify(known: dict[int, str], known_days: dict[dt.date, str]) -> None:
    """核对整本日志、每天的日根和签章：逐条指出被改动、缺少、调换的第一行；有问题时退出码为 1。业务不用停。"""
    with database():
        from yiwang.apps.journal.public import backlog, days_so_far, last_batch
        from yiwang.apps.journal.public import verify as problems
        from yiwang.wiring import check_day_seal

        count = 0
        for problem in problems(known_batches=known, known_days=known_days, check_seal=check_day_seal()):
            count += 1
            click.echo(str(problem))
        sealed, waiting, days = last_batch(), backlog()["unsealed"], days_so_far()
    if count:
        click.echo(f"日志有 {count} 处问题。请保留现场，从备份中找出原来的行。")
        sys.exit(1)
    batch = f"已封存到批次 {sealed.number}（摘要 {sealed.digest}）" if sealed else "还没有封存过"
    click.echo(f"日志完好。{batch}，待封存 {waiting} 行。")
    if days.rooted:
        click.echo(
            f"日根到 {days.rooted}（摘要 {days.rooted}:{days.last_digest}），签章到 {days.sealed or '—'}。"
        )
    if days.unsealed:
        click.echo(
            f"注意：自 {days.unsealed_since} 起有 {days.unsealed} 天的日根还没有签章，设好系统用印后会补签。"
        )


@journal.command("proof")
@click.argument("entry", type=int, metavar="行号")
@click.option(
    "--to",
    "directory",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个文件夹",
)
def proof(entry: int, directory: Path) -> None:
    """写出一条日志的存证：这一条、到日根的路径、日根的签章，和用 OpenSSL 核对的命令。"""
    with database():
        from yiwang.apps.journal.public import Pending, kit_of, proof_of, write_kit

        found = proof_of(entry)
        if isinstance(found, Pending):
            why = "日根还没有签章" if found.rooted else "这一天还没有结束，或者还没有出日根"
            raise Unavailable(f"第 {entry} 行（{found.day}）还没有存证：{why}。", mend="请稍后再试。")
        files = kit_of(found)
    try:
        write_kit(files, directory)
    except OSError as error:
        raise Invalid(f"{directory} 写不进去：{error.strerror}。", mend="请换一个文件夹。") from error
    click.echo(f"写好了 {len(files)} 个文件：{directory}。先看其中的 CHECK.md。")


@journal.command("seal")
@click.option("--all", "everything", is_flag=True, help="连很久以前漏封的行也找出来封存（较慢）")
def seal(everything: bool) -> None:
    """把还没封存的日志封存成批。请把显示的摘要另行留存：以后核对时用 --known 证明日志没有被整本改写。"""
    with database():
        from yiwang.apps.journal.public import last_batch, seal_batch

        total = 0
        options = {"late_ids": EVERYTHING} if everything else {}
        while count := seal_batch(**options):
            total += count
        sealed = last_batch()
    click.echo(f"封存了 {total} 行。")
    if sealed:
        click.echo(f"批次 {sealed.number} 摘要：{sealed.number}:{sealed.digest}")


@click.group("outbox")
def outbox() -> None:
    """对外消息：哪些还没送达，哪些在等人处理。"""


@outbox.command("list")
@click.option("--limit", default=100, show_default=True, help="最多显示几条")
def list_(limit: int) -> None:
    """列出没有送达的消息；转人工的在前。消息内容不显示。"""
    with database():
        from yiwang.apps.journal.public import undelivered

        messages = undelivered(limit=limit)
    for one in messages:
        due = f"{one.due_at.astimezone():%Y-%m-%d %H:%M}"
        click.echo(f"{one.id}\t{one.state_term}\t{one.topic}\t试过{one.attempts}次\t{due}\t{one.last_error}")
    if not messages:
        click.echo("没有未送达的消息。")


@outbox.command("retry")
@click.argument("ids", type=int, nargs=-1, required=True, metavar="编号…")
@as_option
def retry(ids: tuple[int, ...], name: str | None) -> None:
    """把转人工的消息重新发送：先排除对方的故障。"""
    with database():
        from yiwang.apps.journal.public import retry_parked

        for one in ids:
            retry_parked(actor(name), one)
            click.echo(f"{one} 已重新排队，由 yiwang worker 发送。")
