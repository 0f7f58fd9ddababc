# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a definition: where, what, and how to mend it, in Chinese."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from yiwang.kernel.errors import Invalid


class Where(NamedTuple):
    """A place in a file; `file` is relative to the folder that holds `definitions/`, lines from 1."""

    file: str
    line: int


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `doubt`: nothing is refused for it, a person should look."""

    file: str
    line: int
    what: str
    mend: str
    doubt: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} → {self.mend}"

    @classmethod
    def at(cls, where: Where, what: str, mend: str, *, doubt: bool = False) -> Problem:
        """A problem standing at `where`."""
        return cls(where.file, where.line, what, mend, doubt)


class DefinitionErrors(Invalid):
    """Definitions that cannot be used. `problems` holds every one of them, ordered by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(
            f"定义有 {len(self.problems)} 处问题：\n{lines}",
            mend="请逐处修改后再运行 yiwang definitions check。",
        )

    def __str__(self) -> str:
        return f"{self.message}\n{self.mend}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Words for a hint: `您是不是想写“…”？`, or nothing when no known word is near `word`."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"您是不是想写“{near[0]}”？" if near else ""
