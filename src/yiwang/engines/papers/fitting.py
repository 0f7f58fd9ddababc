# SPDX-License-Identifier: Apache-2.0
"""Put text into a box: break lines as Chinese print does, make letters smaller until all fits.

Nothing is ever cut: text that does not fit at the smallest size is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from yiwang.engines.definitions.kinds.templates import Align, Face
from yiwang.engines.papers.fonts import Fonts, Letter
from yiwang.engines.papers.sheet import POINT, Run
from yiwang.kernel.errors import Invalid

SMALLEST = 5.0
"""Points; below that nobody can read it."""

LEADING = 1.35
"""From line to line, in sizes."""

ASCENT = 0.88
"""From the top of a line to its baseline, in sizes."""

_STEP = 0.5
_NOT_FIRST = frozenset("，。、；：！？）》」』】〕”’·…％%,.;:!?)]}")
_NOT_LAST = frozenset("（《「『【〔“‘([{")
_WORDS = re.compile(r"[A-Za-z0-9@._/:\-+&#?=%]+|.", re.DOTALL)
_SLACK = 1e-6


class TooLong(Invalid):
    """A text that does not fit into its box."""

    def __init__(self, where: str, length: int) -> None:
        super().__init__(
            f"“{where}”的内容太长（{length} 个字），在模板的框里印不下，没有制证。",
            mend="请核对内容；确需这么长的，请管理员在模板中加大这个框。",
        )


@dataclass(frozen=True)
class Space:
    """A box in millimetres and how its text looks."""

    x: float
    y: float
    width: float
    height: float
    size: float
    face: Face
    align: Align
    colour: str


@dataclass(frozen=True)
class _Line:
    letters: tuple[Letter, ...]
    last: bool

    def width(self, size: float) -> float:
        return sum(letter.advance for letter in self.letters) * size * POINT


def fit(text: str, space: Space, fonts: Fonts, *, where: str) -> list[Run]:
    """The text in its box. Raises TooLong, CharacterMissing."""
    paragraphs = [fonts.letters(space.face, part, where=where) for part in _paragraphs(text)]
    size = space.size
    while True:
        lines = [line for part in paragraphs for line in _broken(part, space.width / (size * POINT))]
        if _height(len(lines), size) <= space.height + _SLACK and _wide(lines, size) <= space.width + _SLACK:
            return _placed(lines, size, space)
        if size <= SMALLEST:
            raise TooLong(where, len(text))
        size = max(SMALLEST, size - _STEP)


def _paragraphs(text: str) -> list[str]:
    lines = [line.strip().replace("\t", " ") for line in text.replace("\r\n", "\n").split("\n")]
    return [line for line in lines if line]


def _height(lines: int, size: float) -> float:
    return (1 + LEADING * (lines - 1)) * size * POINT


def _wide(lines: Sequence[_Line], size: float) -> float:
    return max((line.width(size) for line in lines), default=0.0)


def _broken(letters: Sequence[Letter], room: float) -> list[_Line]:
    """Lines no wider than `room` sizes, unless a single letter is wider."""
    lines: list[list[Letter]] = [[]]
    used = 0.0
    for word in _pieces(letters, room):
        wide = sum(letter.advance for letter in word)
        if lines[-1] and used + wide > room + _SLACK:
            carried = _carried(lines[-1], word)
            lines.append(carried)
            used = sum(letter.advance for letter in carried)
        if lines[-1] or word[0].character != " ":
            lines[-1] += word
            used += wide
    return [_Line(tuple(line), last=index == len(lines) - 1) for index, line in enumerate(lines)]


def _pieces(letters: Sequence[Letter], room: float) -> list[list[Letter]]:
    """What stays together: a Latin word or a number that fits on a line, else single letters."""
    pieces: list[list[Letter]] = []
    start = 0
    for match in _WORDS.finditer("".join(letter.character for letter in letters)):
        word = list(letters[start : start + len(match.group())])
        start += len(word)
        if sum(letter.advance for letter in word) <= room:
            pieces.append(word)
        else:
            pieces += [[letter] for letter in word]
    return pieces


def _carried(line: list[Letter], word: list[Letter]) -> list[Letter]:
    """Take along the end of `line` where the new line must not begin, or this one end, as it would."""
    carried: list[Letter] = []
    first = word[0].character
    while len(line) > 2 and len(carried) < 3:
        if first not in _NOT_FIRST and line[-1].character not in _NOT_LAST:
            break
        carried.insert(0, line.pop())
        first = carried[0].character
    return carried


def _placed(lines: Sequence[_Line], size: float, space: Space) -> list[Run]:
    runs: list[Run] = []
    below = (LEADING * (len(lines) - 1) + 1 - ASCENT) * size * POINT
    top = space.y + min(ASCENT * space.size * POINT, space.height - below)  # beside its label, where it can
    for number, line in enumerate(lines):
        y = top + LEADING * size * POINT * number
        left = space.width - line.width(size)
        x, gap = space.x, 0.0
        if space.align is Align.CENTER:
            x += left / 2
        elif space.align is Align.RIGHT:
            x += left
        elif (
            space.align is Align.SPREAD and len(line.letters) > 1 and (line.last is False or len(lines) == 1)
        ):
            gap = left / (len(line.letters) - 1)
        runs += _runs(line.letters, Run(x, y, size, space.colour, line.letters[0].font, (), gap))
    return runs


def _runs(letters: Sequence[Letter], like: Run) -> list[Run]:
    """One run for each stretch of letters of one font."""
    runs: list[Run] = []
    x = like.x
    for _, group in groupby(letters, key=lambda letter: letter.font.key):
        part = tuple(group)
        run = Run(x, like.y, like.size, like.colour, part[0].font, part, like.gap)
        runs.append(run)
        x += sum(run.advances)
    return runs
