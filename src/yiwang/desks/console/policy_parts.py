# SPDX-License-Identifier: Apache-2.0
"""The pieces of the form of a policy's draft: a field, and a row of fields of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.engines.benefits.complaint import Complaint
from yiwang.engines.definitions import Catalogue

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """One field as its template shows it. `kind`: text, date, area, rule, select, radio, checks."""

    key: str
    label: str
    value: Any = ""
    hint: str = ""
    kind: str = "text"
    choices: Choices = ()
    wrong: Sequence[Complaint] = ()
    required: bool = False
    name: str = ""
    said: str = ""

    @property
    def sent_as(self) -> str:
        """The name under which it is sent."""
        return self.name or self.key


@dataclass(frozen=True)
class Row:
    """One of several of a kind: its fields, and what is wrong with it as a whole."""

    key: str
    number: int
    fields: Sequence[Field]
    wrong: Sequence[Complaint] = ()


def docs_of(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Every source document as a choice, by name."""
    named = [
        (key, f"{one.name}（{one.number}）" if one.number else one.name)
        for key, one in catalogue.sources.items()
    ]
    return sorted(named, key=lambda one: one[1])
