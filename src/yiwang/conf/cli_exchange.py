# SPDX-License-Identifier: Apache-2.0
"""`yiwang exchange`: prove a call of shared data, publish the gateway's key."""

from __future__ import annotations

from pathlib import Path

import click

from .cli_server import start_django


@click.group("exchange")
def group() -> None:
    """数据共享：调用的存证、网关的公钥。"""


@group.command("proof")
@click.argument("receipt")
@click.option(
    "--to", required=True, type=click.Path(file_okay=False, path_type=Path), help="写到哪个文件夹，没有则新建"
)
def proof(receipt: str, to: Path) -> None:
    """把回执 RECEIPT 的存证写成文件：双方放进留存的 request.json、response.json，离线核对。"""
    start_django()
    from yiwang.apps.gateway.public import call_kit
    from yiwang.apps.journal.public import write_kit

    files = call_kit(receipt)
    write_kit(files, to)
    click.echo(f"已写入 {to}：{len(files)} 个文件。核对方法见其中的 call.md。")


@group.command("key")
def key() -> None:
    """网关的公钥（PEM）和编号：请公布编号，供各系统核对。"""
    start_django()
    from yiwang.apps.gateway.public import system_key, system_public_pem

    click.echo(f"编号 {system_key()[0]}", err=True)
    click.echo(system_public_pem(), nl=False)
