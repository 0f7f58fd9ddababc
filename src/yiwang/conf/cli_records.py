# SPDX-License-Identifier: Apache-2.0
"""`yiwang journal` and `yiwang outbox`: prove the journal, seal it, see what has not arrived."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from yiwang.kernel.errors import Unavailable

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


@journal.command("verify")
@click.option(
    "--known",
    multiple=True,
    callback=_batch_and_digest,
    metavar="批次:摘要",
    help="另行留存的批次摘要（yiwang journal seal 显示过的），可写多次",
)
def verify(known: dict[int, str]) -> None:
    """核对整本日志：逐条指出被改动、缺少、调换的第一行；有问题时退出码为 1。业务不用停。"""
    with database():
        from yiwang.apps.journal.public import backlog, last_batch
        from yiwang.apps.journal.public import verify as problems

        count = 0
        for problem in problems(known_batches=known):
            count += 1
            click.echo(str(problem))
        sealed, waiting = last_batch(), backlog()["unsealed"]
    if count:
        click.echo(f"日志有 {count} 处问题。请保留现场，从备份中找出原来的行。")
        sys.exit(1)
    batch = f"已封存到批次 {sealed.number}（摘要 {sealed.digest}）" if sealed else "还没有封存过"
    click.echo(f"日志完好。{batch}，待封存 {waiting} 行。")


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
