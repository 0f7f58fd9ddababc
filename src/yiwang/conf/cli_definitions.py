# SPDX-License-Identifier: Apache-2.0
"""`yiwang definitions`: check, list, show, compare what the city offers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from yiwang.engines import house
from yiwang.engines.definitions import Problem, Report

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
    report = house.inspect(directory)
    problems = [p for p in report.problems if _wanted(p, only)]
    warnings = [p for p in report.warnings if _wanted(p, only)]
    if as_json:
        click.echo(json.dumps(_as_json(report, problems, warnings), ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            click.echo(str(problem))
        for warning in warnings if show_warnings else ():
            click.echo(f"提醒 {warning}")
        click.echo(_summary(report, len(problems), len(warnings)))
    sys.exit(1 if problems else 0)


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
