# SPDX-License-Identifier: Apache-2.0
"""`yiwang definitions`: check, list, show and compare what the city offers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import yaml

from yiwang.engines import house
from yiwang.engines.definitions import Definition, Problem, Report, default_directory, nearest
from yiwang.engines.definitions.release import ReleaseDiff, diff_releases, dump_release
from yiwang.engines.definitions.schema import stale_schemas, write_schemas
from yiwang.kernel.errors import NotFound

_directory = click.option(
    "--directory",
    type=click.Path(path_type=Path),
    default=None,
    help="定义所在的目录；默认用 YIWANG_DEFINITIONS_DIR，再默认用本仓库的 definitions/",
)


@click.group("definitions")
def group() -> None:
    """查看、检查、比较事项等定义。"""


@group.command("check")
@_directory
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.option("--warnings", "show_warnings", is_flag=True, help="也逐条显示提醒")
@click.argument("only", nargs=-1)
def check(directory: Path | None, as_json: bool, show_warnings: bool, only: tuple[str, ...]) -> None:
    """检查全部定义；给出 ONLY（文件名的一部分）时只显示这些文件中的问题。"""
    root = directory or default_directory()
    report = house.inspect(root)
    found = (*report.problems, *stale_schemas(house.HOUSE_KINDS, root))
    problems = [p for p in found if _wanted(p, only)]
    warnings = [p for p in report.warnings if _wanted(p, only)]
    if as_json:
        click.echo(_json(_as_json(report, problems, warnings)))
    else:
        for problem in problems:
            click.echo(str(problem))
        for warning in warnings if show_warnings else ():
            click.echo(f"提醒 {warning}")
        click.echo(_summary(report, len(problems), len(warnings)))
    sys.exit(1 if problems else 0)


@group.command("list")
@_directory
@click.argument("kind", required=False)
def list_(directory: Path | None, kind: str | None) -> None:
    """列出某一种类（KIND，如 items）的全部编号和名称；不写则列出种类。"""
    folders = house.inspect(directory).catalogue.folders()
    if kind is None:
        for folder, known in folders.items():
            click.echo(f"{folder}\t{len(known)}")
        return
    for identity, definition in _folder(folders, kind).items():
        click.echo(f"{identity}\t{definition.name}")


@group.command("show")
@_directory
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，含默认值")
@click.argument("kind")
@click.argument("identity", metavar="ID")
def show(directory: Path | None, as_json: bool, kind: str, identity: str) -> None:
    """显示一条定义：各级合并之后的样子，以及它来自哪些文件。"""
    catalogue = house.inspect(directory).catalogue
    known = _folder(catalogue.folders(), kind)
    if identity not in known:
        hint = nearest(identity, known)
        raise NotFound(
            f"{kind} 中没有“{identity}”。", mend=f"{hint}全部编号见 yiwang definitions list {kind}。"
        )
    if as_json:
        click.echo(_json(known[identity].model_dump(mode="json")))
        return
    for file in catalogue.origins[kind, identity]:
        click.echo(f"# 来自 {file}")
    content = known[identity].model_dump(mode="json", exclude_defaults=True)
    click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100), nl=False)


@group.command("schema")
@_directory
def schema(directory: Path | None) -> None:
    """重新生成 schema/ 下的 JSON Schema，供编辑器提示和检查。"""
    root = directory or default_directory()
    for path in write_schemas(house.HOUSE_KINDS, root):
        click.echo(str(path))


@group.command("digest")
@_directory
def digest(directory: Path | None) -> None:
    """显示目录版本的摘要（SHA-256）：内容相同，摘要就相同。"""
    click.echo(house.load(directory).digest)


@group.command("diff")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.argument("before", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("after", type=click.Path(path_type=Path, exists=True, file_okay=False))
def diff(before: Path, after: Path, as_json: bool) -> None:
    """比较两个定义目录：增加、删去、改了哪些值。"""
    found = diff_releases(dump_release(house.load(before)), dump_release(house.load(after)))
    if as_json:
        click.echo(_json(_diff_as_json(found)))
        return
    for line in _diff_lines(found):
        click.echo(line)
    click.echo(f"增加 {len(found.added)}，删去 {len(found.removed)}，修改 {len(found.changed)}。")


def _folder(folders: dict[str, Any], kind: str) -> dict[str, Definition]:
    if kind not in house.HOUSE_KINDS:
        hint = nearest(kind, house.HOUSE_KINDS)
        raise NotFound(
            f"没有“{kind}”这个种类。", mend=f"{hint}可选：{'、'.join(sorted(house.HOUSE_KINDS))}。"
        )
    return dict(folders.get(kind, {}))


def _wanted(problem: Problem, only: tuple[str, ...]) -> bool:
    return not only or any(part in problem.file for part in only)


def _summary(report: Report, problems: int, warnings: int) -> str:
    counts = "、".join(f"{folder} {count}" for folder, count in sorted(report.counts.items()))
    found = f"{problems} 处问题" if problems else "没有问题"
    doubts = f"，{warnings} 处提醒（--warnings 查看）" if warnings else ""
    return f"读了 {report.files} 个文件，{sum(report.counts.values())} 条定义（{counts}）：{found}{doubts}。"


def _as_json(report: Report, problems: list[Problem], warnings: list[Problem]) -> dict[str, object]:
    def rows(found: list[Problem]) -> list[dict[str, object]]:
        return [{"file": p.file, "line": p.line, "what": p.what, "mend": p.mend} for p in found]

    return {
        "files": report.files,
        "counts": dict(report.counts),
        "problems": rows(problems),
        "warnings": rows(warnings),
    }


def _diff_lines(found: ReleaseDiff) -> Iterator[str]:
    for folder, identity in found.added:
        yield f"+ {folder}/{identity}"
    for folder, identity in found.removed:
        yield f"- {folder}/{identity}"
    for change in found.changed:
        for field in change.fields:
            values = f"{_short(field.before)} → {_short(field.after)}"
            yield f"~ {change.folder}/{change.id} {field.path}: {values}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "（无）" if value is None else text if len(text) <= 80 else f"{text[:77]}…"


def _diff_as_json(found: ReleaseDiff) -> dict[str, object]:
    return {
        "added": [{"folder": folder, "id": identity} for folder, identity in found.added],
        "removed": [{"folder": folder, "id": identity} for folder, identity in found.removed],
        "changed": [
            {
                "folder": change.folder,
                "id": change.id,
                "fields": [{"path": f.path, "before": f.before, "after": f.after} for f in change.fields],
            }
            for change in found.changed
        ],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
