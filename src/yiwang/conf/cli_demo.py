# SPDX-License-Identifier: Apache-2.0
"""`yiwang demo`: make the sample city, start it, and do one errand from end to end."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from yiwang.engines import house
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.errors import YiwangError

from .cli_server import start_django
from .demo.passphrases import MAKER_PASSPHRASE, SEAL_PASSPHRASE

_HOME = "var/demo"


@click.command("demo")
@click.option("--once", is_flag=True, help="报告之后就停下；不加则一直运行到按 Ctrl-C")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="监听地址；被占用时自动换端口")
def demo(once: bool, bind: str) -> None:
    """示例城市：建库、启动网站和后台，把“我想开一家小饭馆”从头办到尾。

    数据放在 var/demo（或 YIWANG_DATA_DIR）。已有真实数据的库会被拒绝。
    """
    os.environ.setdefault("YIWANG_DATA_DIR", _HOME)
    os.environ.setdefault("YIWANG_SYSTEM_SEAL_PASSPHRASE", SEAL_PASSPHRASE)
    os.environ.setdefault("YIWANG_SEAL_MAKER_PASSPHRASE", MAKER_PASSPHRASE)
    start_django()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends us ends the children too
    try:
        _demo(once=once, bind=bind)
    except KeyboardInterrupt:
        click.echo("\n已停止。数据还在，下次启动会接着用。")
    except YiwangError as error:
        click.echo(f"\n示例没有跑完。{error}", err=True)
        sys.exit(1)


def _demo(*, once: bool, bind: str) -> None:
    from django.conf import settings

    from .demo.browser import Site
    from .demo.city import make_city, publish
    from .demo.grants import furnish_grants
    from .demo.needs import furnish_needs
    from .demo.report import show_report
    from .demo.requests import furnish_requests
    from .demo.run import play
    from .demo.servers import free_address, running
    from .demo.sharing import departments_running
    from .demo.story import Story

    story = Story()
    story.chapter(f"准备示例城市（{settings.DATA_DIR}）")
    catalogue = _prepare_database(story)
    with story.step("虚构的人、企业、证照和工作人员") as note:
        cast = make_city(catalogue)
        _open_accounts(catalogue, cast)
        note("已有的不再重建；账号只在示例城市里有")
    with story.step("两位目录管理员起草、复核、发布事项目录") as note:
        note(f"目录版本 {publish(catalogue)[:12]}，{len(catalogue.items)} 个事项")
    _furnish_seals(story, catalogue)
    with story.step("各部门申请共享数据，提供部门审核、授权") as note:
        note(f"新授权 {furnish_grants(catalogue)} 份，还在办理 {furnish_requests(catalogue)} 份")
    with story.step("各部门提出数据需求，数据管理局转给供给部门，发布供需对接清单") as note:
        note(f"新列入 {furnish_needs(catalogue)} 条")
    with departments_running(catalogue), running(free_address(bind), Path(settings.DATA_DIR)) as servers:
        outcome = play(Site(servers.address), catalogue, cast, story)
        show_report(story.console, outcome, servers.address)
        if not once:
            click.echo("\n网站和后台还在运行。按 Ctrl-C 停止。")
            servers.wait()


def _furnish_seals(story: object, catalogue: Catalogue) -> None:
    from yiwang.engines.papers import FontsMissing

    from .demo.seals import furnish_seals
    from .demo.story import Story

    assert isinstance(story, Story)
    with story.step("各部门的电子印章：备案印模、申请、审核、制作、备案、用印批准") as note:
        try:
            made = furnish_seals(catalogue)
        except FontsMissing as missing:
            note(f"没有制作：{missing.message}")
        else:
            note(f"{made} 枚" if made else "已有的不再重做")


def _prepare_database(story: object) -> Catalogue:
    from django.core.management import call_command
    from django.db import connection

    from .demo.city import require_room
    from .demo.story import Story

    assert isinstance(story, Story)
    with story.step("建库、读取事项定义") as note:
        if "identity_person" in connection.introspection.table_names():
            require_room()  # before anything of somebody else's database is touched
        call_command("migrate", verbosity=0, interactive=False)
        catalogue = house.load()
        note(f"{len(catalogue.life_events)} 件事，{len(catalogue.items)} 个事项")
    return catalogue


def _open_accounts(catalogue: Catalogue, cast: object) -> None:
    from .demo.accounts import open_accounts
    from .demo.city import Cast

    assert isinstance(cast, Cast)
    open_accounts(catalogue, cast)
