# SPDX-License-Identifier: Apache-2.0
"""Files and functions stay small enough to be read in one go.

Two limits for each: a stop that nothing passes, and an aim that 95 of 100 keep. To raise a stop
for one thing, name it below with the reason, so that exceptions stay visible.
"""

from functools import cache

from support.sources import APPS, rooms, sources

FILE_STOP, FILE_AIM = 400, 300
FUNCTION_STOP, FUNCTION_AIM = 60, 35
README_STOP = 60

# "path" or "path::function": reason
EXCEPTIONS: dict[str, str] = {}


@cache
def file_sizes() -> dict[str, int]:
    """Return each file's number of lines."""
    return {source.name: source.text.count("\n") for source in sources()}


@cache
def function_sizes() -> dict[str, int]:
    """Return each function's number of lines without its docstring."""
    return {
        f"{source.name}::{function}": lines
        for source in sources()
        for function, lines in source.outline.functions
    }


def over(sizes: dict[str, int], stop: int) -> dict[str, int]:
    """Return what is over the stop and not named as an exception."""
    return {name: size for name, size in sizes.items() if size > stop and plain(name) not in EXCEPTIONS}


def plain(name: str) -> str:
    """Return a function's name without its line number; a file's name as it is."""
    return name.rsplit(":", 1)[0]


def share_within(sizes: dict[str, int], aim: int) -> float:
    """Return which share of the sizes keeps the aim."""
    return sum(size <= aim for size in sizes.values()) / len(sizes)


def test_no_file_passes_the_stop() -> None:
    assert over(file_sizes(), FILE_STOP) == {}


def test_no_function_passes_the_stop() -> None:
    assert over(function_sizes(), FUNCTION_STOP) == {}


def test_nearly_all_keep_the_aim() -> None:
    assert share_within(file_sizes(), FILE_AIM) >= 0.95
    assert share_within(function_sizes(), FUNCTION_AIM) >= 0.95


def test_every_app_has_a_short_readme() -> None:
    wrong = {}
    for room in rooms(APPS):
        readme = room / "README.md"
        lines = readme.read_text(encoding="utf-8").count("\n") if readme.exists() else 0
        if not 0 < lines <= README_STOP:
            wrong[room.name] = lines
    assert wrong == {}


def test_exceptions_still_exist() -> None:
    names = {plain(name) for name in function_sizes()} | set(file_sizes())
    assert set(EXCEPTIONS) <= names
