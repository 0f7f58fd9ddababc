# SPDX-License-Identifier: Apache-2.0
"""Standards of lists (认定标准和退出程序): what they say, and which of them a release changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.engines.credit import CreditEntry
from yiwang.engines.sealing import sm3
from yiwang.kernel.canonical import canonical_json


@dataclass(frozen=True)
class Standard:
    """By what somebody gets on a list and off it. `orgs`: the units that answer for it; none: the leading."""

    entry: str
    name: str
    orgs: tuple[str, ...]
    entering: tuple[str, ...]
    leaving: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SM3 of what it says: the same words are the same standard."""
        said = {"entry": self.entry, "entering": list(self.entering), "leaving": list(self.leaving)}
        return sm3(canonical_json(said)).hex()


def standards_of(entries: Mapping[str, CreditEntry]) -> dict[str, Standard]:
    """Entry → its standard, for every list."""
    return {
        key: Standard(
            key, entry.name, tuple(entry.departments), tuple(entry.entering.standard),
            tuple(entry.entering.leaving),
        )
        for key, entry in entries.items()
        if entry.entering is not None
    }  # fmt: skip


def changed(before: Mapping[str, Standard], after: Mapping[str, Standard]) -> list[Standard]:
    """The standards that are new or say something else; in a city without any, none: they were in use."""
    if not before:
        return []
    return [
        one for key, one in sorted(after.items()) if key not in before or before[key].digest != one.digest
    ]  # fmt: skip
