# SPDX-License-Identifier: Apache-2.0
"""Say in Chinese what pydantic says in English, with the place and the mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from .hints import Path, models_at
from .problems import Problem, nearest
from .reading import Node, follow, locate

Say = Callable[[Mapping[str, Any]], tuple[str, str]]

MOST = 50  # complaints told about one definition
_ID_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"


def problems_of(error: ValidationError, kind: Any, node: Node, files: tuple[str, ...] = ()) -> list[Problem]:
    """Every complaint of `error` about `node`, placed and translated; choices of types count once.

    `files` are those the definition was merged from; a complaint about the whole names them.
    """
    found: dict[tuple[Any, ...], Problem] = {}
    for one in error.errors(include_url=False)[:MOST]:
        path = tuple(one["loc"])
        steps = [step for step, _ in follow(node, path)]
        where = locate(node, path)
        absent = path[-1:] if one["type"] == "missing" else ()
        if one["type"] == "extra_forbidden":
            what, mend = _unknown_key(kind, path)
        else:
            what, mend = _SAY.get(one["type"], _otherwise)({**one.get("ctx", {}), **one})
            label = _label((*steps, *absent))
            what = f"{label}：{what}" if label else what
            what += f"（合并了 {'、'.join(files[1:])}）" if len(files) > 1 and not steps else ""
        in_a_choice = path and not absent and path[-1:] != tuple(steps[-1:])
        key = (where, *steps) if in_a_choice else (where, *steps, what)
        found.setdefault(key, Problem.at(where, what, mend))
    return list(found.values())


def _label(steps: Path) -> str:
    """`materials[2].cite`, counting as a person does, from 1."""
    text = ""
    for step in steps:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _unknown_key(kind: Any, path: Path) -> tuple[str, str]:
    key = str(path[-1])
    known = [name for model in models_at(kind, path[:-1]) for name in model.model_fields]
    hint = nearest(key, known) or "请删去。"
    return f"不认识的键“{key}”", f"{hint}可用的键：{'、'.join(known)}"


def _required(_: Mapping[str, Any]) -> tuple[str, str]:
    return "缺少这一项", "请补上；不知道怎么写时参看 definitions/README.md"


def _text(ctx: Mapping[str, Any]) -> tuple[str, str]:
    if ctx.get("input") is None:
        return "不能为空", "请写上内容，或整行删去"
    return "应当是文字", "数字、日期、true/false 要作文字时请加引号"


def _pattern(ctx: Mapping[str, Any]) -> tuple[str, str]:
    if ctx.get("pattern") == _ID_PATTERN:
        return f"编号“{ctx['input']}”写法不对", "编号只用小写字母、数字和连字符，如 business-licence"
    return f"“{ctx['input']}”的样子不对", f"应当符合 {ctx.get('pattern')}"


def _choice(ctx: Mapping[str, Any]) -> tuple[str, str]:
    known = re.findall(r"'([^']*)'", str(ctx.get("expected", "")))
    hint = nearest(str(ctx["input"]), known)
    return f"没有“{ctx['input']}”这个选择", f"{hint}可选：{'、'.join(known)}"


def _which_kind(ctx: Mapping[str, Any]) -> tuple[str, str]:
    known = re.findall(r"'([^']*)'", str(ctx.get("expected_tags", "")))
    what = f"没有“{ctx['tag']}”这种 kind" if "tag" in ctx else "缺少 kind"
    hint = nearest(str(ctx.get("tag", "")), known)
    return what, f"{hint}可选：{'、'.join(known)}" if known else "请写明 kind"


def _own_words(ctx: Mapping[str, Any]) -> tuple[str, str]:
    """A ValueError of our own models: `what：mend`."""
    what, _, mend = str(ctx.get("error", "")).partition("：")
    return what, mend or "请核对"


def _mapping(ctx: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(ctx["input"], str) and "：" in ctx["input"]:
        return "应当是“键: 值”的一组", "冒号请用英文冒号并空一格，不用中文冒号"
    return "应当是“键: 值”的一组", "请换行缩进两格，一行写一个“键: 值”"


def _otherwise(ctx: Mapping[str, Any]) -> tuple[str, str]:
    return f"“{ctx.get('input')}”不合要求", "请对照 definitions/README.md 修改"


def _fixed(what: str, mend: str) -> Say:
    def say(ctx: Mapping[str, Any]) -> tuple[str, str]:
        words = {key: value for key, value in ctx.items() if isinstance(key, str)}
        return what.format(**words), mend.format(**words)

    return say


_NUMBER = _fixed("应当是数字", "请写数字，不加引号和单位，如 10 或 0.5")
_WHOLE = _fixed("应当是整数", "请写整数，不加引号和单位")
_YES_NO = _fixed("应当是 true 或 false", "是写 true，否写 false")
_DAY = _fixed("应当是日期", "写成 2026-01-31 的样子，不加引号")
_LIST = _fixed("应当是列表", "请每项一行，以“- ”开头")

_SAY: dict[str, Say] = {
    "missing": _required,
    "string_type": _text,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _fixed("不能为空", "请写上内容，或整行删去"),
    "string_too_long": _fixed("超过 {max_length} 个字", "请缩短"),
    "enum": _choice,
    "literal_error": _choice,
    "value_error": _own_words,
    "union_tag_invalid": _which_kind,
    "union_tag_not_found": _which_kind,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "float_type": _NUMBER,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "time_parsing": _fixed("应当是时刻", '写成 "09:00" 的样子，加引号'),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "dict_type": _mapping,
    "greater_than": _fixed("{input} 太小", "应当大于 {gt}"),
    "greater_than_equal": _fixed("{input} 太小", "应当不小于 {ge}"),
    "less_than": _fixed("{input} 太大", "应当小于 {lt}"),
    "less_than_equal": _fixed("{input} 太大", "应当不大于 {le}"),
    "multiple_of": _fixed("{input} 太细", "应当是 {multiple_of} 的整倍数"),
    "too_short": _fixed("至少要有 {min_length} 项", "请补上"),
    "too_long": _fixed("最多 {max_length} 项", "请删减"),
}
