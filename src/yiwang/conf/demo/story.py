# SPDX-License-Identifier: Apache-2.0
"""Tell on the terminal what happens, step by step, with the time each step took."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from yiwang.kernel.errors import Kind, YiwangError


class StepFailed(YiwangError):
    """A step of the demonstration failed; the message says which, and why."""

    kind = Kind.UNAVAILABLE


class Note:
    """What a step has to say when it is done."""

    def __init__(self) -> None:
        self.words = ""

    def __call__(self, words: str) -> None:
        self.words = words


class Story:
    """Prints chapters and steps; a step that raises ends the story with its name."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # the story tells which pages are opened
        self.started = time.monotonic()
        self.steps = 0

    @property
    def seconds(self) -> float:
        """Seconds since the story began."""
        return time.monotonic() - self.started

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.console.print()
        self.console.print(Text(title, style="bold"))

    @contextmanager
    def step(self, title: str) -> Iterator[Note]:
        """Do one step. Raises StepFailed for whatever it raises."""
        note, began = Note(), time.monotonic()
        with self.console.status(f"{title}…"):
            try:
                yield note
            except KeyboardInterrupt:
                raise
            except Exception as error:
                self.console.print(Text(f"  ✗ {title}", style="red"))
                why = str(error) if isinstance(error, YiwangError) else f"{type(error).__name__}：{error}"
                raise StepFailed(f"“{title}”没有成功：{why}") from error
        self.steps += 1
        line = Text.assemble(("  ✓ ", "green"), title, (f"  {time.monotonic() - began:.1f} 秒", "dim"))
        self.console.print(line)
        if note.words:
            self.console.print(Text(f"      {note.words}", style="cyan"))
