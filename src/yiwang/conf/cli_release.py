# SPDX-License-Identifier: Apache-2.0
"""`yiwang release`: draft a release from the definitions, review it, put it in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.kernel.errors import NotFound

from .cli_records import actor, as_option, database

if TYPE_CHECKING:
    from yiwang.engines.definitions import Catalogue

SHORTEST = 6  # characters of a digest that are enough to name a release


@click.group("release")
def group() -> None:
    """目录版本：起草、由另一人复核、发布。每一步写入日志。"""


@group.command("draft")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="定义所在的目录；默认用 YIWANG_DEFINITIONS_DIR",
)
@click.option("--summary", default="", help="这一版改了什么，一两句话")
@click.option(
    "--files-win",
    multiple=True,
    metavar="政策编号",
    help="这项政策以文件为准，不带上管理台发布的修改；可以写几次",
)
@as_option
def draft(directory: Path | None, summary: str, files_win: tuple[str, ...], name: str | None) -> None:
    """检查定义并起草一个版本；显示版本号，以及与现行版本的差别。

    管理台发布、文件还没有跟上的政策会自动带上；两处都改过的要先合并，或者用 --files-win。
    """
    with database():
        from django.conf import settings

        from yiwang.apps.catalogue.public import draft_release
        from yiwang.engines import house

        catalogue = house.load(directory or settings.DEFINITIONS_DIR)
        told = _published_beside(catalogue)
        digest = draft_release(actor(name), catalogue, summary=summary, files_win=files_win)
        click.echo(f"版本 {digest}")
        for line in told:
            click.echo(line)
        click.echo(_compared(digest))
    click.echo("下一步：请另一位目录管理员复核（yiwang release review）。")


def _published_beside(files: Catalogue) -> list[str]:
    """The policies published in the console, and how the files stand to them, a line each."""
    from yiwang.apps.catalogue.public import amendments, step_of

    return [f"管理台发布的政策 {one.policy.id}：{step_of(one, files).term}" for one in amendments()]


@group.command("amendments")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=None,
    help="定义所在的目录；默认用 YIWANG_DEFINITIONS_DIR",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="把这些定义写成文件，放进这个目录",
)
def amendments_(directory: Path | None, target: Path | None) -> None:
    """列出管理台发布的政策，文件跟上了没有；--to 导出成定义文件，供合并。"""
    with database():
        from django.conf import settings

        from yiwang.apps.catalogue.public import amendments, step_of
        from yiwang.engines import house

        files = house.load(directory or settings.DEFINITIONS_DIR)
        found = [(one, step_of(one, files)) for one in amendments()]
    for one, step in found:
        day = f"{one.published_at.astimezone():%Y-%m-%d}"
        click.echo(f"{one.policy.id}\t{step.term}\t{day}\t{one.policy.name}")
        for path, text in one.files.items() if target is not None else ():
            assert target is not None  # the loop is empty otherwise
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            click.echo(f"  写出 {file}")
    if not found:
        click.echo("管理台没有发布过政策，或者都已收回。")


def _compared(digest: str) -> str:
    """How the drafted release differs from the one in force, in a line."""
    from yiwang.apps.catalogue.public import changes_in, current_digest

    found = changes_in(digest)
    if not found:
        return "与现行版本相同。"
    against = "与现行版本相比" if current_digest() else "还没有现行版本"
    counts = f"增加 {len(found.added)}，删去 {len(found.removed)}，修改 {len(found.changed)}"
    return f"{against}：{counts}。逐条比较用 yiwang definitions diff。"


@group.command("review")
@click.argument("digest", metavar="版本")
@click.option("--approve", "verdict", flag_value="approve", help="同意")
@click.option("--reject", "verdict", flag_value="reject", help="退回")
@click.option("--words", default="", help="复核意见；退回必须写")
@as_option
def review(digest: str, verdict: str | None, words: str, name: str | None) -> None:
    """复核一个草稿；起草人不能复核自己的版本。"""
    if verdict is None:
        raise click.UsageError("请写 --approve（同意）或 --reject（退回）。")
    approve = verdict == "approve"
    with database():
        from yiwang.apps.catalogue.public import review_release

        whole = _whole_digest(digest)
        review_release(actor(name), whole, approve=approve, words=words)
    click.echo("已复核同意，可以发布。" if approve else "已退回。")


@group.command("publish")
@click.argument("digest", metavar="版本")
@as_option
def publish(digest: str, name: str | None) -> None:
    """发布复核过的版本，或重新启用以前发布过的版本。此后的新申请按它办理，在办的不受影响。"""
    with database():
        from yiwang.apps.catalogue.public import publish_release

        publish_release(actor(name), _whole_digest(digest))
    click.echo("已发布，即时生效。")


@group.command("list")
@click.option("--limit", default=20, show_default=True, help="最多显示几个")
def list_(limit: int) -> None:
    """列出目录版本，新的在前；现行版本前有 *。"""
    with database():
        from yiwang.apps.catalogue.public import current_digest, releases

        in_force, found = current_digest(), releases(limit=limit)
    for one in found:
        mark = "*" if one.digest == in_force else " "
        day = f"{one.drafted_at.astimezone():%Y-%m-%d}"
        click.echo(f"{mark} {one.digest[:12]}\t{one.state_term}\t{day}\t{one.drafted_by}\t{one.summary}")
    if not found:
        click.echo("还没有目录版本。请运行 yiwang release draft。")


def _whole_digest(begins: str) -> str:
    """The digest that begins so. Raises NotFound when there is none, or more than one."""
    from yiwang.apps.catalogue.public import releases

    found = [one.digest for one in releases(limit=10_000) if one.digest.startswith(begins.lower())]
    if len(begins) < SHORTEST or len(found) != 1:
        many = "不止一个版本以此开头" if len(found) > 1 else "没有这个版本"
        raise NotFound(f"{many}：{begins}。", mend=f"请用 yiwang release list 核对，至少写 {SHORTEST} 位。")
    return found[0]
