# SPDX-License-Identifier: Apache-2.0
"""The one error of the rule language: where it is, what is wrong and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from yiwang.kernel.errors import YiwangError


@dataclass(frozen=True, order=True)
class Position:
    """Where something stands in the text of a rule; both count from 1, in characters."""

    line: int = 1
    column: int = 1


_START: Final = Position()


@dataclass(frozen=True, kw_only=True)
class Placed:
    """What every node has: where it stands."""

    at: Position = field(default=_START, compare=False, repr=False)


class RuleError(YiwangError):
    """A rule that cannot be read, does not fit its types or cannot be run."""

    def __init__(self, what: str, *, mend: str = "", at: Position | None = None, source: str = "") -> None:
        place = f"第{at.line}行第{at.column}个字：" if at else ""
        origin = f"{source}，" if source and at else f"{source}：" if source else ""
        super().__init__(f"{origin}{place}{what}", mend=mend)
        self.what = what
        self.at = at
        self.source = source

    @property
    def line(self) -> int | None:
        """Line from 1, or None where the error has no place in a text."""
        return self.at.line if self.at else None

    @property
    def column(self) -> int | None:
        """Column from 1, or None where the error has no place in a text."""
        return self.at.column if self.at else None
