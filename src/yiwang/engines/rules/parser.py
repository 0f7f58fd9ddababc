# SPDX-License-Identifier: Apache-2.0
"""Text in, tree out. Every refusal says where, what is wrong and how to mend it.

A rule may come from anybody, so its length and its nesting are limited before any recursive
work begins; the parser itself (LALR) needs no recursion.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from yiwang.engines.rules.builder import build
from yiwang.engines.rules.dialect import Dialect
from yiwang.engines.rules.errors import Position, RuleError
from yiwang.engines.rules.functions import FUNCTIONS
from yiwang.engines.rules.lexing import tokens_of
from yiwang.engines.rules.nodes import Expr

MAX_LENGTH: Final = 10_000
MAX_NESTING: Final = 100


@lru_cache(maxsize=4096)
def parse(
    text: str, *, source: str = "", dialect: Dialect = Dialect.POLICY, names: frozenset[str] = frozenset()
) -> Expr:
    """Parse one rule. `source` names where it stands (a file, a definition) for error messages.

    With ``dialect=Dialect.DMN`` all of FEEL is read, as a DMN model needs it; `names` are then the names
    of the model, which may hold spaces and operators. Policy rules have only the checked part.
    Raises RuleError with line and column, counted from 1 in characters.
    """
    if len(text) > MAX_LENGTH:
        raise RuleError(
            f"规则太长（{len(text)}个字，最多{MAX_LENGTH}个）。", mend="请拆成几条规则。", source=source
        )
    try:
        tree = _tree(text, dialect, names)
    except UnexpectedInput as error:
        raise _explained(error, text, source) from None
    _limit_nesting(tree, source)
    return build(tree, source, dialect)


def _tree(text: str, dialect: Dialect, names: frozenset[str]) -> Tree[Token]:
    parser = _parser()
    steps: Any = parser.parse_interactive()  # its methods have no types
    last = None
    for token in tokens_of(parser, text, dialect, names):
        steps.feed_token(token)
        last = token
    tree: Tree[Token] = steps.feed_eof(last)
    return tree


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    longest_first = sorted((name for name in FUNCTIONS if " " in name), key=len, reverse=True)
    words = "|".join(name.replace(" ", r"[ \t]+") for name in longest_first)
    grammar += f"\nFUNCTION.2: /(?:{words})(?=[ \\t]*\\()/\n"
    made = Lark(grammar, parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=False)
    front: Any = made.parser
    made.lexer = front.lexer  # without it, every text that is lexed gets a lexer built for it alone
    return made


def _limit_nesting(tree: Tree[Token], source: str) -> None:
    layer: list[Tree[Token]] = [tree]
    for _ in range(MAX_NESTING):
        layer = [below for each in layer for below in each.children if isinstance(below, Tree)]
        if not layer:
            return
    raise RuleError(
        f"规则嵌套太深（最多{MAX_NESTING}层）。",
        mend="请拆成几条规则，或把一长串加法改成 sum(…)。",
        at=Position(layer[0].meta.line, layer[0].meta.column) if not layer[0].meta.empty else None,
        source=source,
    )


# What people write by habit, and what the language wants instead.
_HABITS: Final = {
    "，": "请把中文逗号“，”改成英文逗号“,”。",
    "（": "请把中文括号改成英文括号“( )”。",
    "）": "请把中文括号改成英文括号“( )”。",
    "【": "请把“【】”改成英文方括号“[ ]”。",
    "】": "请把“【】”改成英文方括号“[ ]”。",
    "“": '文字请用英文双引号括起来："…"。',
    "”": '文字请用英文双引号括起来："…"。',
    "'": '文字请用英文双引号括起来："…"。',
    '"': "这段文字少了结尾的双引号。",
    "‘": '文字请用英文双引号括起来："…"。',
    "≥": "请把“≥”改成“>=”。",
    "≤": "请把“≤”改成“<=”。",
    "≠": "请把“≠”改成“!=”。",
    "＝": "请把全角“＝”改成“=”。",
    "＞": "请把全角“＞”改成“>”。",
    "＜": "请把全角“＜”改成“<”。",
    "×": "乘号请写“*”。",
    "÷": "除号请写“/”。",
    "%": "百分数请写成小数：30% 写 0.3。",
    "％": "百分数请写成小数：30% 写 0.3。",
    "&": "“并且”请写 and。",
    "|": "“或者”请写 or。",
    "!": "“不等于”请写 !=，否定请写 not(…)。",
    "@": '日期请写 @"2026-01-01"。',
    "；": "一条规则里不用分号，请用 and 或 or 连接。",
    ";": "一条规则里不用分号，请用 and 或 or 连接。",
}
_WORDS: Final = {
    "且": "and", "并且": "and", "和": "and", "或": "or", "或者": "or", "非": "not(…)",
    "大于": ">", "小于": "<", "等于": "=", "不等于": "!=", "不小于": ">=", "不大于": "<=",
    "属于": "in", "是": "= true", "如果": "if", "那么": "then", "否则": "else",
}  # fmt: skip


def _explained(error: UnexpectedInput, text: str, source: str) -> RuleError:
    if isinstance(error, UnexpectedCharacters):
        found = text[error.pos_in_stream or 0]
        mend = _HABITS.get(found, "请删去这个字符，或对照规则语言的说明改写。")
        at = Position(error.line, error.column)
        return RuleError(f"“{found}”在规则里用不了。", mend=mend, at=at, source=source)
    if not isinstance(error, UnexpectedToken) or error.token.type == "$END":
        return _ended(text, source)
    token = error.token
    mend = _mend_token(token, text[: token.start_pos or 0])
    at = Position(token.line or 1, token.column or 1)
    return RuleError(f"读到“{token}”时读不懂了。", mend=mend, at=at, source=source)


def _ended(text: str, source: str) -> RuleError:
    lines = text.split("\n")
    at = Position(len(lines), len(lines[-1]) + 1)
    if not text.strip():
        return RuleError("规则是空的。", mend="请写一个条件，例如：经营面积 >= 200。", at=at, source=source)
    mend = "请把后半句补全。"
    for opening, closing in (("(", ")"), ("[", "]")):
        if text.count(opening) > text.count(closing):
            mend = f"请补上缺少的“{closing}”。"
    return RuleError("规则没有写完就结束了。", mend=mend, at=at, source=source)


def _mend_token(token: Token, before: str) -> str:
    last = re.search(r"(\w+|[^\w\s])\s*$", before)
    previous, written = (last[1] if last else ""), str(token)
    for word in (written, previous):
        if word in _WORDS:
            return f"“{word}”请写 {_WORDS[word]}。"
    if written == "=" and previous == "=":
        return "“等于”只写一个“=”。"
    if token.type == "NAME" and re.fullmatch(r"[^\W\d]\w*", previous):
        near = get_close_matches(f"{previous} {written}", FUNCTIONS, n=1)
        if near:
            return f"您要用的函数可能是 {near[0]}(…)。"
        return "名称中间不能有空格；两个条件之间请用 and 或 or 连接。"
    if token.type == "COMPARE":
        return "一次只能比较两个数；介于两数之间请写 x between a and b。"
    return "请检查它前面是否缺少 and、or、运算符、逗号或括号。"
