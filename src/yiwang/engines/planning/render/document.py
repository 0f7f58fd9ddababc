# SPDX-License-Identifier: Apache-2.0
"""A small document of sections; text.py and html.py write it down, each in its way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows under a head; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading with sentences, points and tables, in this order; empty parts are left out."""

    heading: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Notice:
    """The whole notice."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
