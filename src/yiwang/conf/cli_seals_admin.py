# SPDX-License-Identifier: Apache-2.0
"""`yiwang seals`: whom we trust, who makes seals, what runs out; for whoever runs the machine."""

from __future__ import annotations

from pathlib import Path

import click

from .starting import require_database, start_django

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _start() -> None:
    start_django()
    require_database()


@click.group("seals")
def group() -> None:
    """电子印章的管理：信任的机构、撤销列表、制章人、到期检查。"""


@group.group("trust")
def trust() -> None:
    """信任的电子认证机构和撤销列表。"""


@trust.command("import")
@click.argument("file", type=_FILE)
@click.option("--fingerprint", default="", help="根证书的 SM3 指纹，照机构公布的填")
def import_(file: Path, fingerprint: str) -> None:
    """信任 FILE（DER 或 PEM）里的机构证书。根证书要核对指纹；先导入根，再导入中级。"""
    _start()
    from yiwang.apps.seals.public import import_authority
    from yiwang.kernel.actor import system

    digest = import_authority(system("命令行"), file.read_bytes(), fingerprint=fingerprint)
    click.echo(f"已信任，SM3 指纹 {digest}")
    click.echo("请再导入它的撤销列表：没有现行的撤销列表，它签发的证书验不过。", err=True)


@trust.command("crl")
@click.argument("file", type=_FILE)
def crl(file: Path) -> None:
    """导入撤销列表 FILE（DER 或 PEM）；名单上的印章立即停用。"""
    _start()
    from yiwang.apps.seals.public import import_crl
    from yiwang.kernel.actor import system

    judged = import_crl(system("命令行"), file.read_bytes())
    click.echo("以前导入过。" if judged.known else f"已导入：{judged.issuer}")
    for one in judged.suspended:
        click.echo(f"证书已被吊销，印章停用：{one}")
    if judged.doubtful:
        click.echo(f"吊销以后盖过 {judged.doubtful} 次章，这些文件现在验不过，请逐件处理。")


@trust.command("list")
def list_() -> None:
    """列出信任的机构和最新的撤销列表。"""
    _start()
    from yiwang.apps.seals.public import authorities, revocation_lists

    for one in authorities():
        standing = "不再信任" if one.distrusted_at else "信任"
        click.echo(f"{standing}  {one.subject}  到 {one.not_after:%Y-%m-%d}  {one.digest}")
    for found in revocation_lists():
        click.echo(f"撤销列表  {found.issuer}  {'现行' if found.is_current else '已过期'}")


@trust.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """把信任的证书和撤销列表写进 FOLDER，供 `yiwang seal verify --trust` 离线使用。"""
    _start()
    from yiwang.apps.seals.public import trust as believed

    found = believed()
    folder.mkdir(parents=True, exist_ok=True)
    for one in (*found.anchors, *found.intermediates):
        (folder / f"{one.digest.hex()[:16]}.pem").write_bytes(one.pem())
    for number, one_list in enumerate(found.crls, 1):
        (folder / f"{number}.crl").write_bytes(one_list.der)
    click.echo(f"写了 {len(found.anchors) + len(found.intermediates)} 张证书、{len(found.crls)} 份撤销列表。")


@group.command("maker-key")
@click.argument("name")
@click.option(
    "--request", type=click.Path(dir_okay=False, path_type=Path), required=True, help="证书申请写到哪里"
)
@click.password_option("--passphrase", prompt="制章密钥的口令", help="不写则提示输入")
def maker_key(name: str, request: Path, passphrase: str) -> None:
    """为制章人 NAME 生成密钥，写出证书申请（交给电子认证机构）。"""
    _start()
    from yiwang.apps.seals.public import as_pem, make_maker_key
    from yiwang.kernel.actor import system

    key, asked = make_maker_key(system("命令行"), name=name, passphrase=passphrase)
    request.write_text(as_pem(asked), encoding="ascii")
    click.echo(f"密钥名 {key}；证书申请已写到 {request}。拿到证书后运行：")
    click.echo(f"yiwang seals maker {name} --key {key} --certificate 证书文件")


@group.command("maker")
@click.argument("name")
@click.option("--key", required=True, help="生成密钥时给出的密钥名")
@click.option("--certificate", type=_FILE, required=True, help="电子认证机构签发的证书")
def maker(name: str, key: str, certificate: Path) -> None:
    """登记制章人 NAME：从现在起由它制作印章，以前的制章人不再制作。"""
    _start()
    from yiwang.apps.seals.public import register_maker
    from yiwang.kernel.actor import system

    register_maker(system("命令行"), name=name, key=key, certificate=certificate.read_bytes())
    click.echo("已登记。")


@group.command("check")
def check() -> None:
    """到期检查（后台每轮也做）：提醒保管人，销毁已注销印章的密钥。"""
    _start()
    from yiwang import wiring

    click.echo(f"写了 {wiring.look_after_seals()} 封提醒。")
