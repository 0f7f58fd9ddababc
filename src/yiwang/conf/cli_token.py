# SPDX-License-Identifier: Apache-2.0
"""`yiwang token`: tokens for programs that call the API."""

from __future__ import annotations

import click

from .cli_server import start_django


@click.group("token")
def group() -> None:
    """接口令牌：签发、撤销。"""


@group.command("issue")
@click.argument("username")
@click.option("--name", required=True, help="令牌的用途，撤销时凭它辨认")
@click.option("--days", default=90, show_default=True, help="有效天数，最多 366")
def issue(username: str, name: str, days: int) -> None:
    """给账号 USERNAME 签发一个令牌；只显示这一次，请立即存好。"""
    start_django()
    from yiwang.apps.identity.public import issue_token
    from yiwang.kernel.actor import system

    token = issue_token(system("命令行"), username, name, days)
    click.echo(f"令牌只显示这一次，{days} 天后失效。调用接口时放在请求头里：", err=True)
    click.echo(f"Authorization: Bearer {token}")


@group.command("revoke")
@click.argument("username")
@click.option("--name", required=True, help="签发时写的用途")
def revoke(username: str, name: str) -> None:
    """撤销账号 USERNAME 的一个令牌，立即生效。"""
    start_django()
    from yiwang.apps.identity.public import revoke_token
    from yiwang.kernel.actor import system

    revoke_token(system("命令行"), username, name)
    click.echo("已撤销。")
