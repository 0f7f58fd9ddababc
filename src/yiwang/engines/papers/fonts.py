# SPDX-License-Identifier: Apache-2.0
"""The fonts that licences are printed in: which there are, and which of them has a character.

Licences use the free Noto CJK family: Serif for 宋体, Sans for 黑体, regular and bold. Further font
files in the directories that were passed in are asked for characters that Noto lacks (生僻字).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import typst
from fontTools.ttLib import TTCollection, TTFont, TTLibError

from yiwang.engines.definitions.kinds.templates import Face
from yiwang.engines.papers.fontfile import MEND, FontFile
from yiwang.kernel.errors import Invalid, Unavailable

SYSTEM_DIRECTORIES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
"""Where fontconfig looks by default."""

DIRECTORIES_SETTING = "YIWANG_FONTS_DIR"
_FAMILY = {"Serif": "Noto Serif CJK SC", "Sans": "Noto Sans CJK SC"}
_REGULAR, _BOLD = 400, 700
_FACES = {
    Face.SONG: ("Serif", "Regular"),
    Face.SONG_BOLD: ("Serif", "Bold"),
    Face.HEI: ("Sans", "Regular"),
    Face.HEI_BOLD: ("Sans", "Bold"),
}


class FontsMissing(Unavailable):
    """There is no Chinese font to print with."""


class CharacterMissing(Invalid):
    """A character that no font has; `character` names it."""

    def __init__(self, character: str, where: str = "") -> None:
        self.character = character
        shown = character if character.isprintable() else "不可见字符"
        place = f"“{where}”里的" if where else ""
        super().__init__(
            f"{place}“{shown}”（U+{ord(character):04X}）在已安装的字体里没有字形，没有制证。",
            mend="请核对这个字；确是生僻字的，请管理员把收有这个字的字体放入 YIWANG_FONTS_DIR 指明的目录。",
        )


class Letter(NamedTuple):
    """A character in the font that has it; `advance` is a share of the font size."""

    character: str
    font: FontFile
    advance: float


class Fonts:
    """The fonts of this installation. Opening them takes a moment: keep one object."""

    def __init__(self, directories: Sequence[Path | str] | None = None) -> None:
        """Look in `directories`, or in YIWANG_FONTS_DIR and where the system keeps fonts.

        Raises FontsMissing, naming what to install.
        """
        extra, system = _directories(directories)
        self._faces, others = _noto([*extra, *system]), _others(extra)
        self._letters: dict[tuple[Face, str], Letter] = {}
        self.typst = typst.Fonts(
            include_system_fonts=False,
            font_paths=sorted({str(font.path.parent) for font in (*self._faces.values(), *others)}),
        )
        known = {font.family for font in self.typst.fonts()}
        self._extra = [font for font in others if font.family in known]  # both writers must have it

    def file(self, face: Face) -> FontFile:
        """The font of a face."""
        return self._faces[face]

    def letter(self, face: Face, character: str, *, where: str = "") -> Letter:
        """The character in its face, or in another font that has it. Raises CharacterMissing."""
        known = self._letters.get((face, character))
        if known is None:
            known = self._letters[face, character] = self._find(face, character, where)
        return known

    def letters(self, face: Face, text: str, *, where: str = "") -> list[Letter]:
        """Every character of `text`. Raises CharacterMissing."""
        return [self.letter(face, character, where=where) for character in text]

    def _find(self, face: Face, character: str, where: str) -> Letter:
        for font in (self._faces[face], *self._faces.values(), *self._extra):
            if font.has(character):
                return Letter(character, font, font.advance(character))
        raise CharacterMissing(character, where)


@lru_cache(maxsize=1)
def system_fonts() -> Fonts:
    """The fonts of this machine, looked for once. Raises FontsMissing."""
    return Fonts()


def _directories(given: Sequence[Path | str] | None) -> tuple[list[Path], list[Path]]:
    if given is not None:
        return [Path(one) for one in given], []
    named = [Path(one) for one in os.environ.get(DIRECTORIES_SETTING, "").split(os.pathsep) if one]
    return named, [Path(one).expanduser() for one in SYSTEM_DIRECTORIES]


def _font_paths(directories: Iterable[Path]) -> Iterator[Path]:
    for directory in directories:
        for folder, _, names in os.walk(directory):
            for name in sorted(names):
                if name.lower().endswith((".ttc", ".otf", ".ttf")):
                    yield Path(folder) / name


def _noto(directories: Sequence[Path]) -> dict[Face, FontFile]:
    found: dict[Face, FontFile] = {}
    for path in _font_paths(directories):
        for face, (cut, style) in _FACES.items():
            names = (f"Noto{cut}CJK-{style}.ttc", f"Noto{cut}CJKsc-{style}.otf")
            if face not in found and path.name in names:
                weight = _BOLD if style == "Bold" else _REGULAR
                for font in _inside(path, weight):
                    if font.family == _FAMILY[cut]:
                        found[face] = font
    if missing := [" ".join(_FACES[face]) for face in _FACES if face not in found]:
        raise FontsMissing(f"找不到中文字体 Noto CJK（{'、'.join(missing)}），不能制证。", mend=MEND)
    return {face: found[face] for face in _FACES}


def _others(directories: Sequence[Path]) -> list[FontFile]:
    names = {f"Noto{cut}CJK" for cut in _FAMILY}
    return [
        font
        for path in _font_paths(directories)
        if not any(path.name.startswith(name) for name in names)
        for font in _inside(path, _REGULAR)
    ]


def _inside(path: Path, weight: int) -> list[FontFile]:
    """The fonts of a file; none of one that is not a font."""
    try:
        if path.suffix.lower() != ".ttc":
            with TTFont(path, lazy=True) as one:
                return [FontFile(path, -1, _family(one), weight)]
        with TTCollection(path, lazy=True) as many:
            return [FontFile(path, index, _family(one), weight) for index, one in enumerate(many.fonts)]
    except (OSError, TTLibError):
        return []


def _family(font: Any) -> str:
    return str(font["name"].getBestFamilyName() or "")
