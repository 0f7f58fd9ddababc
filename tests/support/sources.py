# SPDX-License-Identifier: Apache-2.0
"""The project's own source files, parsed: what the guards walk over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "yiwang"
APPS = PACKAGE / "apps"
ENGINES = PACKAGE / "engines"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file of the project."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the project's root, with forward slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def is_test(self) -> bool:
        """Whether the file is part of a test suite."""
        return "tests" in self.path.relative_to(ROOT).parts

    @cached_property
    def text(self) -> str:
        """The file's text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, filename=self.name)

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, inner ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


def sources() -> list[Source]:
    """Return all Python files of the project except migrations, which are generated."""
    folders = [PACKAGE, ROOT / "tests", ROOT / "benchmarks"]
    paths = [path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return [Source(path) for path in sorted(paths)]


def rooms(folder: Path) -> list[Path]:
    """Return the packages directly inside `folder` (the apps, or the engines)."""
    return sorted(path.parent for path in folder.glob("*/__init__.py"))
