# SPDX-License-Identifier: Apache-2.0
"""`yiwang plan`: plan a life event from files.

Ends with 0 and the plan; with 2 and a Chinese line when something given is wrong; with 3 when
the conditions of the life event are not met (the refusal is printed in place of the plan).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds import LifeEvent
from yiwang.kernel.dates import parse_date, today_in_china
from yiwang.kernel.errors import Invalid, YiwangError
from yiwang.kernel.workdays import WorkCalendar

from .answers import read_answers, read_facts
from .errors import NotEligible
from .jsonform import refusal_json, to_json, to_text
from .model import Facts, Plan
from .planner import plan as make_plan
from .render import RENDERERS

Load = Callable[[Path | None], tuple[Catalogue, WorkCalendar]]
"""Loads the definitions in a directory (None: the default one) and their calendar."""


@dataclass(frozen=True)
class _Asked:
    life_event: str
    answers: Path | None
    facts: Path | None
    choose: tuple[str, ...]
    start: str | None
    definitions: Path | None
    format: str


class _Failed(click.ClickException):
    """Ends the command with 1: the definitions cannot be used."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """The message in Chinese, on the error stream."""
        click.echo(f"错误：{self.message}", err=True)


class _WrongInput(_Failed):
    """Ends it with 2: something given is wrong."""

    exit_code = 2


class _Refused(_Failed):
    """Ends it with 3: a condition of the life event is not met."""

    exit_code = 3


def make_command(load: Load) -> click.Command:
    """The command `plan` over definitions that `load` loads."""
    file = click.Path(path_type=Path, allow_dash=True)

    @click.command("plan")
    @click.argument("life_event")
    @click.option("--answers", type=file, help="回答（JSON：数据元编号或名称 → 值；- 为标准输入）")
    @click.option("--facts", type=file, help="已掌握的信息（JSON：elements、licences）")
    @click.option(
        "--choose",
        multiple=True,
        metavar="ITEM",
        help="选办的事项（编号或名称），可以多次给出；不给为全部适用的",
    )
    @click.option("--start", help="开始日期，如 2026-01-04；默认今天")
    @click.option("--definitions", type=click.Path(path_type=Path), help="定义所在的目录")
    @click.option(
        "--format",
        type=click.Choice(["json", *RENDERERS]),
        default="text",
        show_default=True,
        help="输出格式",
    )
    @click.option("--json", "as_json", is_flag=True, help="输出 JSON，同 --format json")
    def plan(as_json: bool, **given: Any) -> None:
        """编排一件事：办哪些事项、填什么、交什么、谁先谁后、哪天办好。

        LIFE_EVENT 是一件事的编号、名称或通俗说法。
        """
        _run(_Asked(**{**given, "format": "json"} if as_json else given), load)

    return plan


def _run(asked: _Asked, load: Load) -> None:
    try:
        catalogue, calendar = load(asked.definitions)
    except YiwangError as error:
        raise _Failed(str(error)) from None
    try:
        made = _plan(asked, catalogue, calendar)
    except NotEligible as refused:
        if asked.format == "json":
            click.echo(to_text(refusal_json(refused, catalogue)), nl=False)
        raise _Refused(_refusal_words(refused, catalogue)) from None
    except YiwangError as error:
        raise _WrongInput(str(error)) from None
    text = (
        to_text(to_json(made, catalogue))
        if asked.format == "json"
        else RENDERERS[asked.format](made, catalogue)
    )
    click.echo(text, nl=False)


def _plan(asked: _Asked, catalogue: Catalogue, calendar: WorkCalendar) -> Plan:
    event = catalogue.life_event(asked.life_event)
    answers = read_answers(catalogue, _read(asked.answers))
    facts = read_facts(catalogue, _read(asked.facts)) if asked.facts else Facts()
    start = parse_date(asked.start, field="start") if asked.start else today_in_china()
    return make_plan(
        catalogue,
        event,
        answers,
        start=start,
        calendar=calendar,
        facts=facts,
        choice=_choice(catalogue, event, asked.choose) if asked.choose else None,
    )


def _choice(catalogue: Catalogue, event: LifeEvent, given: Iterable[str]) -> list[str]:
    """Item ids for ids or names, also several with commas between them."""
    named = {catalogue.items[member.item].name: member.item for member in event.items}
    words = [word.strip() for one in given for word in one.replace("，", ",").split(",")]
    return [named.get(word, word) for word in words if word]


def _refusal_words(refused: NotEligible, catalogue: Catalogue) -> str:
    lines = [
        f"{one.reason}（依据：{cite_words(catalogue, one.cite)}；{one.because}）" for one in refused.refusals
    ]
    return "\n".join([refused.message, *lines])


def _read(path: Path | None) -> Mapping[str, object]:
    """The object in a JSON file. Raises Invalid when it is none."""
    if path is None:
        return {}
    try:
        with click.open_file(str(path), encoding="utf-8-sig") as stream:
            text = stream.read()
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"读不了文件 {path}。", mend="请核对文件名；文件要用 UTF-8 编码。") from None
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Invalid(
            f"{path} 第{error.lineno}行第{error.colno}个字起不是正确的 JSON。",
            mend="请检查逗号、引号和括号。",
        ) from None
    except (ValueError, RecursionError):
        raise Invalid(f"{path} 里的数太长，或者嵌套太深。", mend="请核对。") from None
    if not isinstance(found, dict):
        raise Invalid(f"{path} 应当是一个 JSON 对象。", mend='请写成 {{"名称": 值}}。')
    return found


def _no_constant(word: str) -> Any:
    raise Invalid(f"JSON 里不能有 {word}。", mend="请写实际的数值。")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Invalid(f"“{key}”写了两遍。", mend="请只留一处。")
        found[key] = value
    return found
