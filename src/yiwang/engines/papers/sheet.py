# SPDX-License-Identifier: Apache-2.0
"""A sheet: everything that stands on one page, in millimetres from the upper left corner.

Templates become sheets, sheets become PDF and OFD; so both show the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from yiwang.engines.papers.fontfile import FontFile
from yiwang.engines.papers.fonts import Letter

POINT = 25.4 / 72
"""A point in millimetres."""

Made = TypeVar("Made")

Command = (
    tuple[Literal["M", "L"], float, float] | tuple[Literal["B"], float, float, float, float, float, float]
)
Outline = list[Command]
"""Move, line, cubic curve; a closed figure ends where it began."""


@dataclass(frozen=True)
class Stroke:
    """A drawn path: a line of some width, a fill, or both. Colours are `#rrggbb`."""

    outline: Outline
    line: str | None = None
    width: float = 0.2
    fill: str | None = None


@dataclass(frozen=True)
class Run:
    """Letters of one font on one line. `gap` is added after each letter, in millimetres."""

    x: float
    y: float
    size: float
    colour: str
    font: FontFile
    letters: tuple[Letter, ...]
    gap: float = 0.0

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(letter.character for letter in self.letters)

    @property
    def advances(self) -> list[float]:
        """How far each letter moves the next one, in millimetres."""
        return [letter.advance * self.size * POINT + self.gap for letter in self.letters]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Strokes that fill a page of this size and that many sheets share.

    What a file format makes of them is made once and kept with them (`kept`).
    """

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def kept(self, make: Callable[[Drawn], Made]) -> Made:
        """What `make` makes of this drawing; made at the first call."""
        if make not in self._kept:
            self._kept[make] = make(self)
        made: Made = self._kept[make]
        return made


@dataclass
class Sheet:
    """One page. `base` is the same for every licence of the template; `marks` differ."""

    title: str
    base: Drawn
    marks: list[Stroke] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    @property
    def width(self) -> float:
        """The width of the page."""
        return self.base.width

    @property
    def height(self) -> float:
        """The height of the page."""
        return self.base.height


def rectangle(x: float, y: float, width: float, height: float, radius: float = 0.0) -> Outline:
    """The outline of a rectangle, with round corners of `radius`."""
    right, bottom = x + width, y + height
    if radius <= 0:
        return [("M", x, y), ("L", right, y), ("L", right, bottom), ("L", x, bottom), ("L", x, y)]
    r, k = radius, radius * 0.44772  # 1 - 0.55228: a quarter circle as a cubic curve
    return [
        ("M", x + r, y),
        ("L", right - r, y),
        ("B", right - k, y, right, y + k, right, y + r),
        ("L", right, bottom - r),
        ("B", right, bottom - k, right - k, bottom, right - r, bottom),
        ("L", x + r, bottom),
        ("B", x + k, bottom, x, bottom - k, x, bottom - r),
        ("L", x, y + r),
        ("B", x, y + k, x + k, y, x + r, y),
    ]


def circle(x: float, y: float, radius: float) -> Outline:
    """The outline of a circle."""
    return rectangle(x - radius, y - radius, 2 * radius, 2 * radius, radius)
