# SPDX-License-Identifier: Apache-2.0
"""What a connector is: how rows are asked of a source, and what may go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from yiwang.kernel.errors import Conflict, Unavailable

Row = dict[str, Any]
"""One row, field → value. Once checked it holds what JSON can: text, whole numbers, true and false, nothing;
decimals and days are text."""


@dataclass(frozen=True, slots=True)
class Query:
    """Rows of a resource that are wanted: which fields, of whom or what, how many at most."""

    fields: tuple[str, ...]
    keys: Mapping[str, Any]
    limit: int


class Page(NamedTuple):
    """Some rows of a stream, and where to go on behind them."""

    rows: list[Row]
    after: str


class TablePage(NamedTuple):
    """The same as columns: a `pyarrow.Table` whose columns are fields, as the source gave them."""

    table: Any
    after: str


class Connector(Protocol):
    """Fetches rows of one source. Deadlines are moments of `time.monotonic()`. What comes back is not yet
    checked; a connector raises only the errors below."""

    def fetch(self, query: Query, *, deadline: float) -> list[Row]:
        """The rows that have these keys. Raises SourceTooLarge rather than leave any out."""

    def stream(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[Page]:
        """All rows in the order of the source's key, `size` at a time, behind `after`."""

    def tables(
        self, fields: Sequence[str], *, after: str | None, size: int, deadline: float
    ) -> Iterator[TablePage]:
        """The same stream as columns, for deliveries of many rows."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost: seconds, bytes (of an answer, of a file), rows; where files lie; hosts that
    may be asked without TLS."""

    connect_seconds: float
    total_seconds: float
    most_bytes: int
    most_file_bytes: int
    most_rows: int
    folder: Path
    plain_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Registered:
    """A source as it was registered, with its secrets opened: for a connector's eyes only."""

    resource: str
    kind: str
    config: Mapping[str, Any]
    limits: Limits
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)


Factory = Callable[[Registered], Connector]
"""Makes a connector; raises Invalid for a bad registration. It reaches out to nobody yet."""


class SourceDown(Unavailable):
    """The source does not answer, refuses, or was switched off for a while after failures."""


class SourceSlow(Unavailable):
    """The source did not answer in time."""


class SourceBusy(SourceSlow):
    """So many calls wait for this source already that one more would take others' place."""


class SourceMalformed(Unavailable):
    """The answer is not what the resource's definition says."""


class WrongSubject(SourceMalformed):
    """The source answered with somebody else's row; nothing of the answer is passed on."""


class SourceTooLarge(Unavailable):
    """The answer is larger than may be taken."""


class SourceChanged(Conflict):
    """The source changed while it was read in pages; the reading has to begin anew."""


class SourceUnknown(Unavailable):
    """No source is registered for the resource, or it is switched off."""
