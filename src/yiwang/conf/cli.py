# SPDX-License-Identifier: Apache-2.0
"""The command `yiwang`: one root, a group for each part. A group is imported when it is asked for."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

import click

from yiwang.kernel.errors import YiwangError

GROUPS: dict[str, tuple[str, str, str]] = {
    "definitions": ("yiwang.conf.cli_definitions", "group", "查看、检查、比较事项等定义"),
    "clock": ("yiwang.engines.process.cli", "clock", "推算期限：工作日、节假日、暂停与顺延"),
    "plan": ("yiwang.conf.cli_plan", "plan", "为一个人或一家企业编排一件事"),
    "setup": ("yiwang.conf.cli_server", "setup", "建库或升级"),
    "serve": ("yiwang.conf.cli_server", "serve", "启动网站"),
    "worker": ("yiwang.conf.cli_server", "worker", "后台：发消息、封存日志、推进时钟"),
    "rules": ("yiwang.conf.cli_rules", "group", "规则：核对、计算、说明理由"),
    "benefits": ("yiwang.conf.cli_benefits", "group", "惠企惠民政策：计算一家，匹配全部"),
    "release": ("yiwang.conf.cli_release", "group", "目录版本：起草、复核、发布"),
    "journal": ("yiwang.conf.cli_records", "journal", "日志：核对、封存"),
    "archive": ("yiwang.conf.cli_archive", "archive", "归档包：导出、核对"),
    "outbox": ("yiwang.conf.cli_records", "outbox", "对外消息：查看、重发"),
    "seal": ("yiwang.conf.cli_seal", "group", "电子印章：核验印章和签章"),
    "seals": ("yiwang.conf.cli_seals_admin", "group", "印章管理：信任的机构、撤销列表、制章人"),
    "licence": ("yiwang.conf.cli_licence", "group", "电子证照：核验、导出、核对有没有被改动"),
    "settings": ("yiwang.conf.cli_settings", "settings", "查看全部设置和现在的值"),
    "vault": ("yiwang.conf.cli_vault", "group", "数据加密：密钥、轮换、水印"),
    "credit": ("yiwang.conf.cli_credit", "group", "公共信用：导出列存、综合评价、分级分类"),
    "exchange": ("yiwang.conf.cli_exchange", "group", "数据共享：调用的存证、网关的公钥"),
    "token": ("yiwang.conf.cli_token", "group", "接口令牌：签发、撤销"),
    "demo": ("yiwang.conf.cli_demo", "demo", "示例城市：建库、启动、把一件事从头办到尾"),
    "backup": ("yiwang.conf.cli_server", "backup", "备份数据库和文件"),
    "restore": ("yiwang.conf.cli_server", "restore", "从备份恢复"),
}
"""Command → module, name in it, one line of help. A part that is not installed is not shown."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the parts that are there."""
        return sorted({*super().list_commands(ctx), *(name for name in GROUPS if _is_there(GROUPS[name][0]))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None when there is none of this name."""
        if cmd_name not in GROUPS or not _is_there(GROUPS[cmd_name][0]):
            return super().get_command(ctx, cmd_name)
        module, attribute, _ = GROUPS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        rows = [(name, GROUPS[name][2]) for name in self.list_commands(ctx) if name in GROUPS]
        with formatter.section("命令"):
            formatter.write_dl(rows)


def _is_there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yiwang", prog_name="yiwang")
def root() -> None:
    """一网：把城市的政务服务当作代码来运行。"""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command; an error a person may read ends it with code 1 and what to do next."""
    try:
        return root.main(args=arguments, prog_name="yiwang", standalone_mode=True)
    except YiwangError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
