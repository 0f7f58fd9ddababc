# SPDX-License-Identifier: Apache-2.0
"""Run the platform: set up the database, serve, work, back up, restore."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import click


def start_django() -> None:
    """Start Django with the settings of the environment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.conf.settings")
    django.setup()


@click.command("setup")
def setup() -> None:
    """建库或升级：创建数据目录、数据库表和静态文件。"""
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    click.echo("数据库已就绪。")


@click.command("serve")
@click.option("--bind", default=None, help="监听地址，默认取 YIWANG_BIND")
def serve(bind: str | None) -> None:
    """启动网站（gunicorn）。先检查设置和数据库，再开始服务。"""
    start_django()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    address = bind or settings.ENV["BIND"]
    arguments = [
        sys.executable,
        "-m",
        "gunicorn",
        "yiwang.conf.wsgi:application",
        "--bind",
        address,
        "--workers",
        str(settings.ENV["WORKERS"]),
        "--graceful-timeout",
        "20",
        "--log-level",
        "warning",
    ]
    click.echo(f"服务地址：http://{address}/")
    os.execv(sys.executable, arguments)  # noqa: S606 - replaces this process; no shell


_stopping = False


def _stop(_signal: int, _frame: FrameType | None) -> None:
    global _stopping
    _stopping = True


@click.command("worker")
@click.option("--once", is_flag=True, help="做完到期的工作就退出")
@click.option("--every", default=2.0, show_default=True, help="没有工作时隔几秒再看")
def worker(once: bool, every: float) -> None:
    """后台：发送待发消息、封存日志、推进到期的时钟。可以同时运行几个。"""
    start_django()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    while True:
        busy = _work()
        if once and not busy:
            return
        if _stopping:
            return
        if not busy:
            time.sleep(every)


def _work() -> bool:
    """One round; whether there may be more at once. A fault is logged and does not stop the worker."""
    import datetime as dt
    import logging

    from django.conf import settings
    from django.db import close_old_connections

    from yiwang import wiring
    from yiwang.apps.journal.public import deliver_due

    close_old_connections()
    give_up = dt.timedelta(hours=settings.ENV["OUTBOX_GIVE_UP_HOURS"])
    tried = 0
    try:
        tried = deliver_due(wiring.outbox(), give_up_after=give_up)
        for timer in wiring.timers():
            timer()
    except Exception:
        logging.getLogger(__name__).exception("worker round failed")
    return tried > 0


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """备份数据库、上传的文件和归档包到一个文件；服务不用停。"""
    start_django()
    from .backup import write_backup

    click.echo(write_backup(file))


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """从备份恢复到一个空的数据目录和空的数据库。"""
    start_django()
    from .backup import read_backup

    click.echo(read_backup(file))
