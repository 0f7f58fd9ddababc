# SPDX-License-Identifier: Apache-2.0
"""Run the platform: set up the database, serve, work, back up, restore."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from yiwang.kernel.errors import Unavailable

from .environment import read_environment
from .readers import address
from .starting import (
    cautions,
    require_bind,
    require_database,
    require_migrated,
    require_our_key,
    start_django,
)

__all__ = ["backup", "restore", "serve", "setup", "start_django", "worker"]


@click.command("setup")
def setup() -> None:
    """建库或升级：创建或更新数据库表。可以重复运行；升级之前先备份。"""
    start_django()
    from django.core.management import call_command
    from django.db import DatabaseError

    from .locks import only_one

    require_database(may_be_new=True)
    try:
        with only_one("setup", wait=True):
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        mend = "请从备份恢复，或按上面的原因处理后再运行 yiwang setup。"
        raise Unavailable(f"建库或升级没有完成：{str(error).strip()}。", mend=mend) from error
    require_migrated()
    click.echo("数据库已就绪。")


def _address(ctx: click.Context, param: click.Parameter, given: str | None) -> str | None:
    try:
        return given and address(given)
    except ValueError as error:
        raise click.BadParameter(f"{error}，例如 127.0.0.1:8000") from error


@click.command("serve")
@click.option("--bind", default=None, callback=_address, help="监听地址，默认取 YIWANG_BIND")
@click.option("--check", is_flag=True, help="只核对能不能启动")
def serve(bind: str | None, check: bool) -> None:
    """启动网站（gunicorn）。先核对设置、数据库和密钥，有问题就说明怎么办，不启动。"""
    if read_environment()["METRICS_TOKEN"] and not check:  # counted in files from the first import on
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="yiwang-metrics-")
    start_django()
    from django.conf import settings

    listen = bind or settings.ENV["BIND"]
    require_bind(listen, debug=settings.DEBUG)
    _require_sound_database()
    for caution in cautions(listen):
        click.echo(f"注意：{caution}", err=True)
    if check:
        click.echo("可以启动。")
        return
    click.echo(f"服务地址：http://{listen}/")
    sys.stdout.flush()
    _become_gunicorn(listen)


def _become_gunicorn(listen: str) -> None:
    """Serve in this process, which has loaded everything already; its workers are copies of it.

    The catalogue in force was opened by `cautions`; routes and the grammar of rules are made here. Else the
    first visitors of each worker would wait for them (a second), and every worker keep its own.
    """
    from django.db import connections
    from django.urls import get_resolver
    from gunicorn import __main__ as gunicorn

    from yiwang.engines.rules import parse

    get_resolver().reverse_dict  # noqa: B018 - made when it is asked for
    parse("true")
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if hasattr(connection, "close_pool"):
            connection.close_pool()  # its threads would not live on in a copy
    sys.argv = [gunicorn.__file__, "--config", "python:yiwang.conf.gunicorn_config", "--bind", listen]
    gunicorn.run(prog="gunicorn")


def _require_sound_database() -> None:
    require_database()
    require_migrated()
    require_our_key()


@click.command("worker")
@click.option("--once", is_flag=True, help="做完到期的工作就退出；数据库不通时退出码为 1")
@click.option("--every", default=2.0, show_default=True, help="没有工作时隔几秒再看")
@click.option("--timers-every", default=30.0, show_default=True, help="隔几秒推进一次时钟、封存一次日志")
def worker(once: bool, every: float, timers_every: float) -> None:
    """后台：发送待发消息、封存日志、推进到期的时钟。可以同时运行几个，互不重复。"""
    start_django()
    _require_sound_database()
    from django.db import DatabaseError

    from .worker import Worker

    one = Worker(every, timers_every)
    one.listen()
    if not once:
        one.run()
        return
    try:
        one.round()
    except DatabaseError as error:
        mend = "请核对数据库后重试；没做完的工作还在，不会重复。"
        raise Unavailable(f"数据库中断：{type(error).__name__}。", mend=mend) from error


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-vault-keys", is_flag=True, help="把数据加密密钥也放进备份；默认不放，须另行保管")
def backup(file: Path, with_vault_keys: bool) -> None:
    """备份数据库、上传的文件和归档包到一个文件；服务不用停。"""
    start_django()
    from .backup import write_backup

    click.echo(write_backup(file, with_vault=with_vault_keys))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sha256", default="", help="备份时显示的 SHA-256，恢复前核对")
def restore(file: Path, sha256: str) -> None:
    """从备份恢复到一个空的数据目录和空的数据库，并核对行数、文件和日志。"""
    had_key = (read_environment()["DATA_DIR"] / "secret.key").exists()  # starting makes one
    start_django()
    from .backup import read_backup

    click.echo(read_backup(file, sha256=sha256, had_key=had_key))
