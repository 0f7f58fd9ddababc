# SPDX-License-Identifier: Apache-2.0
"""`yiwang vault`: the keys under which sensitive data lies, how to change them, marks on exports."""

from __future__ import annotations

from pathlib import Path

import click

from .cli_records import actor, as_option, database


@click.group("vault")
def group() -> None:
    """数据加密：查看密钥、更换密钥、重新加密、停用旧密钥；查水印。"""


@group.command("status")
def status() -> None:
    """有哪些密钥，每一处有多少个值用哪个密钥加密。要读一遍全部数据，大库需要几分钟。"""
    with database():
        from yiwang.apps.vault.admin import known_keys, usage
        from yiwang.apps.vault.public import key_place

        click.echo(f"密钥文件：{key_place()}（不在备份里，请另行保管）")
        for one in known_keys():
            state = (
                "正在使用"
                if one.is_current
                else f"{one.retired_at} 停用"
                if one.retired_at
                else "只用来打开旧数据"
            )
            click.echo(f"  {one.id}  {one.algorithm}  {one.made_at}  核对码 {one.check}  {state}")
        for place, counts in usage().items():
            click.echo(f"{place}：" + "，".join(f"{key} {count} 个" for key, count in sorted(counts.items())))


@group.command("rotate")
@as_option
def rotate(name: str | None) -> None:
    """生成新密钥，此后都用它加密；运行中的服务立即改用，不用重启。旧密钥仍用来打开旧数据。"""
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.admin import rotate as change

        key = change()
        record(actor(name), "vault.key.made", stream="vault", detail={"key": key})
    click.echo(f"已改用新密钥 {key}。请把密钥文件再保管一份，然后运行 yiwang vault reencrypt。")


@group.command("reencrypt")
@as_option
def reencrypt(name: str | None) -> None:
    """把全部数据改用当前密钥加密；服务不用停，可以中断后再运行。有打不开的值时以 1 结束。"""
    done: dict[str, int] = {}
    broken: dict[str, int] = {}
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.admin import known_keys
        from yiwang.apps.vault.admin import reencrypt as move

        for place, moved in move():
            if place not in done:
                click.echo(f"{place} …", err=True)
            done[place] = done.get(place, 0) + moved.done
            broken[place] = broken.get(place, 0) + moved.broken
            if done[place] % 10_000 < moved.done:
                click.echo(f"{place}：{done[place]} 个", err=True)
        key = next(one.id for one in known_keys() if one.is_current)
        detail = {"key": key, "values": sum(done.values())}
        record(actor(name), "vault.reencrypted", stream="vault", detail=detail)
    click.echo(f"{sum(done.values())} 个值已改用密钥 {key}。")
    if any(broken.values()):
        where = "、".join(place for place, count in broken.items() if count)
        click.echo(f"有打不开的值，没有改动：{where}。请从备份核对。", err=True)
        raise SystemExit(1)


@group.command("rotate-index")
@as_option
def rotate_index(name: str | None) -> None:
    """生成新的盲索引密钥（按身份号码查找用），此后写入的都用它；按新旧两种都查得到，不用停机。"""
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.admin import rotate_index as change

        check = change()
        record(actor(name), "vault.index.made", stream="vault", detail={"check": check})
    click.echo(
        f"已改用新的盲索引密钥，核对码 {check}。请把密钥文件再保管一份，然后运行 yiwang vault reindex。"
    )


@group.command("reindex")
@as_option
def reindex(name: str | None) -> None:
    """把盲索引的列改用当前密钥；服务不用停，中断后再运行从断处接着做。有打不开的值时以 1 结束。"""
    done, broken = 0, 0
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.admin import reindex as move

        for place, moved in move():
            done, broken = done + moved.done, broken + moved.broken
            click.echo(f"{place}：已改 {done} 个", err=True)
        record(actor(name), "vault.reindexed", stream="vault", detail={"values": done, "broken": broken})
    click.echo(f"{done} 个盲索引已改用当前密钥。")
    if broken:
        click.echo(f"有 {broken} 个值打不开，没有改动。请从备份核对后再运行。", err=True)
        raise SystemExit(1)


@group.command("retire")
@click.argument("key", metavar="密钥")
@as_option
def retire(key: str, name: str | None) -> None:
    """停用一个不再有数据使用的旧密钥；还有数据用它加密时拒绝。"""
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.admin import retire as end

        end(key)
        record(actor(name), "vault.key.retired", stream="vault", detail={"key": key})
    click.echo(f"密钥 {key} 已停用。它仍留在密钥文件里：旧备份要靠它打开。")


@group.command("restore-key")
@click.argument("key", metavar="密钥")
@as_option
def restore_key(key: str, name: str | None) -> None:
    """让停用的密钥重新可以打开旧数据（例如从旧备份恢复以后）。"""
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.admin import restore_key as bring_back

        bring_back(key)
        record(actor(name), "vault.key.restored", stream="vault", detail={"key": key})
    click.echo(f"密钥 {key} 又可以打开旧数据了。")


@group.command("watermark")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
@as_option
def watermark(file: Path, name: str | None) -> None:
    """一份流出的表格（CSV、Excel，可以只剩一部分）是哪次导出的。找到时以 0 结束，找不到以 1 结束。"""
    with database():
        from yiwang.apps.journal.public import record
        from yiwang.apps.vault.public import read_watermark

        found = read_watermark(file.read_bytes())
        receipts = [one.receipt for one in found]
        record(actor(name), "vault.watermark.read", stream="vault", detail={"receipts": receipts})
    if not found:
        click.echo("没有找到水印。这不能证明它不是从这里导出的：水印可以被有意去掉。")
        raise SystemExit(1)
    for one in found:
        click.echo(f"回执 {one.receipt}，交给 {one.receiver}。{one.line}")
        click.echo(f"  {one.rows} 行有记录号，{one.texts} 处文字有暗记；误认的概率不超过 {one.chance:.0e}。")
