# SPDX-License-Identifier: Apache-2.0
"""What this product is made of: the kinds of definition of every engine, and every check over them.

The engines do not know each other's kinds; here, above them all, they are put together. Apps and
the command line load definitions through this module only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from yiwang.engines import definitions
from yiwang.engines.benefits.checks import check_policies
from yiwang.engines.benefits.kinds import BENEFIT_KINDS
from yiwang.engines.benefits.source_kinds import SOURCE_KINDS, check_sources
from yiwang.engines.credit import CREDIT_KINDS, check_credit
from yiwang.engines.definitions import Catalogue, Check, Checked, Problem, Report, Where
from yiwang.engines.definitions.kinds.purposes import USE_KINDS
from yiwang.engines.definitions.kinds.reuse import ReuseRule
from yiwang.engines.exchange import EXCHANGE_KINDS, check_resources
from yiwang.engines.exchange.gates import GATE_KINDS
from yiwang.engines.exchange.quality_checks import check_quality
from yiwang.engines.planning.promises import check_promises
from yiwang.engines.process.build import calendar_of, clocks_of, machine_of
from yiwang.engines.process.kinds import PROCESS_KINDS
from yiwang.engines.process.requests import REQUEST_KINDS
from yiwang.kernel.errors import YiwangError

__all__ = ["CHECKS", "HOUSE_KINDS", "calendar_of", "clocks_of", "inspect", "load", "machine_of"]

HOUSE_KINDS: dict[str, Any] = {
    **definitions.KINDS,
    **PROCESS_KINDS,
    **REQUEST_KINDS,
    **USE_KINDS,
    "reuse": ReuseRule,
    **BENEFIT_KINDS,
    **SOURCE_KINDS,
    **EXCHANGE_KINDS,
    **GATE_KINDS,
    **CREDIT_KINDS,
}
"""Folder name → kind, of all engines."""


def works(checked: Checked) -> Iterator[Problem]:
    """Calendars, clocks and processes must make something that works, where there are any."""
    builders: dict[str, Callable[[Catalogue], object]] = {"calendars": calendar_of, "clocks": clocks_of}
    for folder, build in builders.items():
        yield from _built(checked, folder, build)
    for process in checked.catalogue.others.get("processes", {}):
        yield from _built(checked, "processes", partial(machine_of, process=process))


def promises(checked: Checked) -> Iterator[Problem]:
    """No life event promises less time than its own items need; none waits in a circle."""
    try:
        calendar = calendar_of(checked.catalogue)
    except YiwangError:
        return  # no calendar, or one that does not work: `works` tells
    yield from check_promises(calendar, checked)


def _built(checked: Checked, folder: str, build: Callable[[Catalogue], object]) -> Iterator[Problem]:
    places = [entry.node.where for key, entry in checked.entries.items() if key[0] == folder]
    try:
        if checked.catalogue.others.get(folder):
            build(checked.catalogue)
    except YiwangError as error:
        where = min(places, default=Where(folder, 1))
        yield Problem.at(where, error.message.rstrip("。"), error.mend.rstrip("。"))


CHECKS: tuple[Check, ...] = (
    works, promises, check_policies, check_sources, check_resources, check_quality, check_credit,
)  # fmt: skip
"""Checks of the engines above `definitions` (they need planning or clocks to be told)."""


def load(directory: Path | str | None = None, *, levels: Sequence[str] | None = None) -> Catalogue:
    """The city's catalogue, from `directory` or the default one. Raises DefinitionErrors."""
    root = directory or definitions.default_directory()
    return definitions.load(root, kinds=HOUSE_KINDS, levels=levels, checks=CHECKS)


def inspect(directory: Path | str | None = None, *, levels: Sequence[str] | None = None) -> Report:
    """Like `load`, with the problems in the report instead of an error."""
    root = directory or definitions.default_directory()
    return definitions.inspect(root, kinds=HOUSE_KINDS, levels=levels, checks=CHECKS)
