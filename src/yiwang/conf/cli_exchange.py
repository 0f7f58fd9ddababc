# SPDX-License-Identifier: Apache-2.0
"""`yiwang exchange`: prove a call of shared data, publish the gateway's key, judge an IT project."""

from __future__ import annotations

from pathlib import Path

import click

from yiwang.engines import house
from yiwang.engines.definitions import Catalogue
from yiwang.engines.exchange.gates import ProjectGate, gates, judge

from .cli_records import actor, as_option
from .cli_server import start_django


@click.group("exchange")
def group() -> None:
    """数据共享：调用的存证、网关的公钥、信息化项目的数据共享审核规则。"""


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
@click.option("--id", "key_id", help="换下来的公钥的编号：核对以前的答复用；不写是现在的")
def key(key_id: str | None) -> None:
    """网关的公钥（PEM）和编号：请公布编号，供各系统核对。"""
    start_django()
    from yiwang.apps.gateway.public import earlier_keys, system_key, system_public_pem

    now, earlier = system_key()[0], {one.key_id: one for one in earlier_keys()}
    if key_id in earlier:
        click.echo(f"编号 {key_id}，用到 {earlier[key_id].ended_at}", err=True)
        click.echo(earlier[key_id].public_key, nl=False)
        return
    if key_id not in (None, now):
        raise click.ClickException("没有这个编号的公钥。请用 yiwang exchange key 查看现在的。")
    click.echo(f"编号 {now}", err=True)
    click.echo(
        "".join(f"换下来的 {one.key_id}，用到 {one.ended_at}\n" for one in earlier.values()),
        err=True,
        nl=False,
    )
    click.echo(system_public_pem(), nl=False)


@group.command("rotate-key")
@as_option
def rotate_key(name: str | None) -> None:
    """换网关的签名密钥：此后的答复都用新密钥签名，不用重启；换下来的公钥留存，以前的答复仍能核对。"""
    start_django()
    from yiwang.apps.gateway.public import rotate_system_key

    was, made = rotate_system_key(actor(name))
    click.echo(f"已换成 {made}，换下来的是 {was}。请公布新编号；各系统从 /api/exchange/v1/key 取新公钥。")


_SAID = {"是": True, "否": False}


@group.command("gate")
@click.option("--answer", "answers", multiple=True, metavar="问题=是|否", help="可以写几次；问题写编号")
def gate(answers: tuple[str, ...]) -> None:
    """政务信息化项目过不过得了数据共享审核；不写回答时列出要答的问题。不连数据库，可用在审批流程里。

    符合时以 0 结束；不符合、没答全、不在审核范围内时以 1 结束。
    """
    catalogue = house.load()
    passes = [_judged(catalogue, one, _facts(one, answers)) for one in gates(catalogue).values()]
    if not all(passes):
        raise click.exceptions.Exit(1)


def _facts(asked: ProjectGate, answers: tuple[str, ...]) -> dict[str, bool]:
    told = dict(one.partition("=")[::2] for one in answers)
    wrong = [one for one in told if one not in asked.asks or told[one] not in _SAID]
    if wrong:
        raise click.ClickException(
            f"读不懂这些回答：{'、'.join(wrong)}。请写成 {asked.asks[0]}=是 的样子；编号不写回答时可以看到。"
        )
    return {one: _SAID[word] for one, word in told.items()}


def _judged(catalogue: Catalogue, asked: ProjectGate, facts: dict[str, bool]) -> bool:
    found = judge(catalogue, asked, facts)
    click.echo(asked.name)
    if found.outside:
        click.echo(asked.outside_says)
    for rule in found.failed:
        click.echo(f"✗ {rule.says}（{rule.cite.at}）→ {rule.mend}")
    for one in found.missing:
        click.echo(f"? {one}：{catalogue.elements[one].question}")
    if found.failed:
        click.echo(asked.result)
    elif found.passes:
        click.echo("符合数据共享要求。")
    return found.passes is True
