# SPDX-License-Identifier: Apache-2.0
"""`yiwang settings`: every setting, what it is for and what it is now; and the page of the guide."""

from __future__ import annotations

import os
from collections.abc import Iterator

import click

from .environment import REPOSITORY, VARIABLES, Variable, read_environment

PAGE = "docs/guides/settings.md"

_HEAD = """\
# Settings

Every setting is an environment variable. All are checked at start: a wrong value is refused with what
to write instead, and so is a name that does not exist. `yiwang settings` shows what they are now.

设置都是环境变量；启动时逐个核对，写错的值和拼错的名字都会被拒绝并说明怎么改。`yiwang settings` 显示现在的值。

| 变量 | 说明 | 默认 | 例 |
|---|---|---|---|
"""
_FOOT = """
This page is written from `src/yiwang/conf/environment.py` by `yiwang settings --page`.
"""


@click.command("settings")
@click.option("--page", "as_page", is_flag=True, help=f"输出文档页 {PAGE} 的内容")
def settings(as_page: bool) -> None:
    """核对并显示全部设置；口令和密钥不显示。"""
    if as_page:
        click.echo(page(), nl=False)
        return
    values = read_environment()
    for variable in VARIABLES:
        given = bool(os.environ.get(variable.full_name, "").strip())
        value = ("（已设置，不显示）" if given else "") if variable.secret else _words(values[variable.name])
        origin = "" if given else "（默认）"
        click.echo(f"{variable.full_name}={value}{origin}\t# {variable.says}")


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, list) else str(value)


def page() -> str:
    """The page of the guide, from the table of variables."""
    return _HEAD + "".join(_rows()) + _FOOT


def _rows() -> Iterator[str]:
    for variable in VARIABLES:
        cells = (f"`{variable.full_name}`", variable.says, _default(variable), f"`{variable.example}`")
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _default(variable: Variable) -> str:
    if not variable.default:
        return "（空）"
    shown = variable.default.removeprefix(f"{REPOSITORY}/")
    return f"`{shown}`" if shown == variable.default else f"仓库中的 `{shown}/`"
