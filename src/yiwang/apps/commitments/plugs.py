# SPDX-License-Identifier: Apache-2.0
"""Where `wiring.py` plugs in who asks departments for what a commitment is compared with.

Nothing plugged in: nothing is asked, and officers look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from yiwang.kernel.errors import NotFound


@dataclass(frozen=True)
class Question:
    """One call: which resource, for which department's item and case, searched by what, which items."""

    resource: str
    org: str
    item: str
    case: str
    keys: Mapping[str, str]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """What came back: rows, the items that stand there unmasked, the receipt of the call."""

    rows: Sequence[Mapping[str, Any]]
    plain: frozenset[str]
    receipt: str


class Source(Protocol):
    """Who asks, under a grant with its purpose."""

    def ask(self, question: Question, *, now: dt.datetime) -> Reply:
        """Ask. Raises NotFound without a grant that covers it; what the gateway raises otherwise."""
        ...


class NoSource:
    """Nobody asks."""

    def ask(self, question: Question, *, now: dt.datetime) -> Reply:
        """Raises NotFound: there is no grant."""
        raise NotFound("没有共享授权。", mend="请工作人员核查。")


_plugged: list[Source] = [NoSource()]


def use_source(source_: Source) -> None:
    """Set who asks (replaces what was set)."""
    _plugged[:] = [source_]


def source() -> Source:
    """Who asks."""
    return _plugged[0]
