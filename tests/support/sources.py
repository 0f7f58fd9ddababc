# SPDX-License-Identifier: Apache-2.0
"""The project's own source files, each read and parsed once a process: what the guards walk over."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "yiwang"
APPS = PACKAGE / "apps"
ENGINES = PACKAGE / "engines"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Outline:
    """What is kept of a file's syntax tree, which is many times larger.

    Attributes:
        documented: whether the module has a docstring, or holds nothing.
        functions: each function and method, inner ones too: name and line, lines without its docstring.
        silent: public functions and classes of the module without a docstring: line and name.
    """

    documented: bool
    functions: tuple[tuple[str, int], ...]
    silent: tuple[str, ...]


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

    @cached_property
    def outline(self) -> Outline:
        """What most guards ask of the tree, which is not kept for it."""
        tree = ast.parse(self.text, filename=self.name)
        public = (one for one in tree.body if isinstance(one, Function | ast.ClassDef))
        return Outline(
            not tree.body or ast.get_docstring(tree) is not None,
            tuple(
                (f"{one.name}:{one.lineno}", _body_lines(one))
                for one in _statements(tree)
                if isinstance(one, Function)
            ),
            tuple(
                f"{one.lineno} {one.name}"
                for one in public
                if not one.name.startswith("_") and ast.get_docstring(one) is None
            ),
        )


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement below a node, whatever it stands in: only there are functions defined."""
    for block in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(node, block, ()):
            yield one
            yield from _statements(one)


def _body_lines(function: Function) -> int:
    """Count a function's lines without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        first = function.body[0]
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


@cache
def sources() -> list[Source]:
    """Return all Python files of the project except migrations, which are generated."""
    folders = [PACKAGE, ROOT / "tests", ROOT / "benchmarks"]
    paths = [path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return [Source(path) for path in sorted(paths)]


def rooms(folder: Path) -> list[Path]:
    """Return the packages directly inside `folder` (the apps, or the engines)."""
    return sorted(path.parent for path in folder.glob("*/__init__.py"))
