# SPDX-License-Identifier: Apache-2.0
"""From characters to the tokens of a dialect: names of several words, keys, types, ends of ranges.

FEEL's names may hold spaces and operators (`Applicant-Age`, `first name`), so what a piece is depends on
the names that are known: those of the model, handed in, and those the text itself declares (keys of
contexts, variables of `for`, parameters). The longest known name wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters

from yiwang.engines.rules.dialect import LONG_NAMES, Dialect

_WIDE_WORDS: Final = {"FOR", "RETURN", "DEFINE", "EXTERNAL"}
_OPENING: Final = {"LPAR": "RPAR", "LSQB": "RSQB", "LOW_OPEN": "RSQB", "LBRACE": "RBRACE"}
_ENDS_VALUE: Final = {
    "NAME",
    "TYPE",
    "HIGH_OPEN",
    "NUMBER",
    "STRING",
    "MOMENT",
    "TRUE",
    "FALSE",
    "NULL",
    "RPAR",
    "RSQB",
    "RBRACE",
}
_STARTS_VALUE: Final = {
    "NAME", "FUNCTION", "NUMBER", "STRING", "MOMENT", "TRUE", "FALSE", "NULL", "LPAR", "LSQB", "LBRACE",
    "SUM", "IF", "SOME", "EVERY", "FOR", "DEFINE",
}  # fmt: skip
_EXPONENT: Final = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)[eE][+-]?\d+")


def tokens_of(lexer: Lark, text: str, dialect: Dialect, names: frozenset[str]) -> list[Token]:
    """The tokens of a text in a dialect. Raises lark's UnexpectedCharacters for what it does not know."""
    found = list(_raw(lexer, text, dialect))
    if dialect is Dialect.POLICY:
        return _ranged([_as_name(each) if each.type in _WIDE_WORDS else each for each in found])
    found = list(_numbers(found, text))
    declared = {*LONG_NAMES, *names, *_declared(found, text)}
    return _ranged(_typed(_keyed(_merged(found, text, declared), text), text))


def _raw(lexer: Lark, text: str, dialect: Dialect) -> Iterator[Token]:
    """Lark's tokens; in the wider dialect a character of no piece of its own may be part of a name."""
    if dialect is Dialect.POLICY:
        for piece in lexer.lex(text):
            if piece.type in ("LBRACE", "RBRACE"):
                at = piece.start_pos or 0
                raise _unexpected(text, at, piece.line or 1, piece.column or 1)
            yield piece
        return
    strays: list[int] = []
    rest = text
    while True:
        try:
            found = list(lexer.lex(rest))
            break
        except UnexpectedCharacters as error:
            at = error.pos_in_stream or 0
            if text[at] in '"@':
                raise
            strays.append(at)
            rest = f"{rest[:at]} {rest[at + 1 :]}"  # all other places stay as they are
    found += [_stray(text, at) for at in strays]
    yield from sorted(found, key=lambda piece: piece.start_pos or 0)


def _stray(text: str, at: int) -> Token:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Token("OTHER", text[at], at, line, column, line, column + 1, at + 1)


def _unexpected(text: str, at: int, line: int, column: int) -> UnexpectedCharacters:
    make: Any = UnexpectedCharacters  # lark gives it no types
    error: UnexpectedCharacters = make(text, at, line, column)
    return error


def _as_name(piece: Token, text: str | None = None, kind: str = "NAME") -> Token:
    return Token.new_borrow_pos(kind, str(piece) if text is None else text, piece)


def _joined(kind: str, text: str, parts: list[Token]) -> Token:
    first, last = parts[0], parts[-1]
    return Token(
        kind, text, first.start_pos, first.line, first.column, last.end_line, last.end_column, last.end_pos
    )


def _numbers(tokens: list[Token], text: str) -> Iterator[Token]:
    """`1.5e-3` is one number."""
    place = 0
    while place < len(tokens):
        piece = tokens[place]
        match = _EXPONENT.match(text, piece.start_pos or 0) if piece.type == "NUMBER" else None
        end = place + 1
        if match:
            while end < len(tokens) and (tokens[end].end_pos or 0) <= match.end():
                end += 1
            piece = _joined("NUMBER", match[0], tokens[place:end])
        yield piece
        place = end


def _declared(tokens: list[Token], text: str) -> Iterator[str]:
    """Names the text itself declares that are more than one word."""
    loops: list[bool] = [False]  # for each open bracket or loop: whether it is a loop before its `return`
    for place, piece in enumerate(tokens):
        before = tokens[place - 1].type if place else ""
        if before in ("FOR", "SOME", "EVERY") or (before == "COMMA" and loops[-1]):
            yield from _until(tokens, place, ("IN",), text)
        if before in ("LBRACE", "LPAR", "COMMA"):
            yield from _until(tokens, place, (":",), text)
        if before == "LPAR" and place > 1 and tokens[place - 2].type == "DEFINE":
            yield from _parameters(tokens, place, text)
        if piece.type in ("FOR", "SOME", "EVERY", "LPAR", "LBRACE", "LSQB"):
            loops.append(piece.type in ("FOR", "SOME", "EVERY"))
        elif piece.type in ("RETURN", "SATISFIES", "RPAR", "RBRACE", "RSQB") and len(loops) > 1:
            loops.pop()


def _parameters(tokens: list[Token], start: int, text: str) -> Iterator[str]:
    place = start
    while place < len(tokens) and tokens[place].type != "RPAR":
        yield from _until(tokens, place, ("COMMA", "RPAR", ":"), text)
        while place < len(tokens) and tokens[place].type not in ("COMMA", "RPAR"):
            place += 1
        place += place < len(tokens) and tokens[place].type == "COMMA"


def _until(tokens: list[Token], start: int, ends: tuple[str, ...], text: str) -> Iterator[str]:
    for place in range(start, len(tokens)):
        piece = tokens[place]
        if piece.type in ends or (":" in ends and piece == ":"):
            if place > start and tokens[start].type != "STRING":
                yield text[tokens[start].start_pos or 0 : tokens[place - 1].end_pos]
            return
        if piece.type in {*_OPENING, *_OPENING.values(), "COMMA", "STRING", "IN"} or str(piece) in (
            "<",
            "instance",
        ):
            return


def one_space(name: str) -> str:
    """A name as it is compared: spaces between words count as one."""
    return " ".join(name.split())


def _merged(tokens: list[Token], text: str, declared: Iterable[str]) -> list[Token]:
    patterns = [
        (one_space(name), re.compile(r"\s+".join(re.escape(word) for word in name.split())))
        for name in sorted(declared, key=lambda each: -len(each))
        if not re.fullmatch(r"[^\W\d]\w*", name) and name.strip()
    ]
    heads = {name[0] for name, _ in patterns}
    ends = {piece.end_pos: place + 1 for place, piece in enumerate(tokens)}
    merged: list[Token] = []
    place = 0
    while place < len(tokens):
        piece, start = tokens[place], tokens[place].start_pos or 0
        hit = None
        if text[start] in heads and piece.type not in ("STRING", "MOMENT"):
            matches = ((name, pattern.match(text, start)) for name, pattern in patterns)
            hit = next(((name, m.end()) for name, m in matches if m and ends.get(m.end(), 0) > place), None)
        if hit is None:
            merged.append(_as_name(piece) if piece == "?" else piece)
            place += 1
            continue
        merged.append(_joined("NAME", hit[0], tokens[place : ends[hit[1]]]))
        place = ends[hit[1]]
    return merged


def _keyed(tokens: list[Token], text: str) -> list[Token]:
    """A name or text before a colon becomes a KEY."""
    result: list[Token] = []
    for piece in tokens:
        if piece == ":" and piece.type == "OTHER" and result:
            start = len(result) - 1
            while start > 0 and not _before_key(result[start - 1]):
                start -= 1
            parts = result[start:]
            first = parts[0]
            whole = text[first.start_pos or 0 : parts[-1].end_pos]
            key = str(first) if len(parts) == 1 else one_space(whole)
            result[start:] = [_joined("KEY", key, parts)]
            continue
        result.append(piece)
    return result


def _before_key(piece: Token) -> bool:
    return piece.type in ("LBRACE", "LPAR", "COMMA") or str(piece) == "<"


def _typed(tokens: list[Token], text: str) -> list[Token]:
    """What follows `instance of`, and the type of a parameter, becomes one TYPE."""
    result: list[Token] = []
    place, parameters = 0, False
    while place < len(tokens):
        piece = tokens[place]
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if piece == "instance" and after == "of":
            end = _type_end(tokens, place + 2)
            result.append(_as_name(piece, "instance of", "INSTANCE"))
            result.extend(_type_token(tokens[place + 2 : end], text))
            place = end
            continue
        if piece.type == "LPAR" and result and result[-1].type == "DEFINE":
            parameters = True
        if piece.type == "RPAR":
            parameters = False
        result.append(piece)
        place += 1
        if parameters and piece.type == "KEY":
            end = _type_end(tokens, place)
            result.extend(_type_token(tokens[place:end], text))
            place = end
    return result


def _type_token(parts: list[Token], text: str) -> Iterator[Token]:
    if parts:
        yield _joined("TYPE", one_space(text[parts[0].start_pos or 0 : parts[-1].end_pos]), parts)


def _type_end(tokens: list[Token], start: int) -> int:
    """Where a type that begins at `start` ends."""
    place, depth = start, 0
    while place < len(tokens):
        piece = tokens[place]
        if depth == 0 and place > start and not _goes_on(tokens, place):
            return place
        if piece == "-" and place + 1 < len(tokens) and tokens[place + 1] == ">":
            place += 2
            continue
        depth += (str(piece) == "<") - (str(piece) == ">")
        place += 1
    return place


def _goes_on(tokens: list[Token], place: int) -> bool:
    """Whether a type goes on with the piece of this place."""
    found, before = str(tokens[place]), str(tokens[place - 1])
    after = str(tokens[place + 1]) if place + 1 < len(tokens) else ""
    if found == "<":
        return before in ("list", "context", "function", "range")
    if found == "-":
        return before == ">" and after == ">"
    return found == "." or before == "." or (before == ">" and str(tokens[place - 2]) == "-")


def _ranged(tokens: list[Token]) -> list[Token]:
    """`]` that opens and `[` that closes a range get their own kinds."""
    result: list[Token] = []
    opened: list[bool] = []  # for each open bracket: whether its `..` has been read
    for place, piece in enumerate(tokens):
        before = result[-1].type if result else ""
        after = tokens[place + 1].type if place + 1 < len(tokens) else ""
        kind = piece.type
        if kind == "RSQB" and before not in _ENDS_VALUE and before != "LSQB":
            kind = "LOW_OPEN"
        elif kind == "LSQB" and opened and opened[-1] and before in _ENDS_VALUE:
            kind = "HIGH_OPEN" if after not in _STARTS_VALUE else kind
        if kind in _OPENING:
            opened.append(False)
        elif kind in ("RPAR", "RSQB", "RBRACE", "HIGH_OPEN") and opened:
            opened.pop()
        elif kind == "RANGE" and opened:
            opened[-1] = True
        result.append(piece if kind == piece.type else _as_name(piece, None, kind))
    return result
