# SPDX-License-Identifier: Apache-2.0
"""The base of every error a person may read.

An error has a *kind* a caller can act on, a Chinese *message* that says what is wrong and a
*mend* that says what to do next. Desks turn kinds into pages and status codes; nothing else
does, so no rule raises an HTTP error.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a caller can do about an error."""

    INVALID = "invalid"  # the input is wrong: correct it and send it again
    FORBIDDEN = "forbidden"  # not yours to do or to see
    MISSING = "missing"  # there is no such thing (or none you may know of)
    CONFLICT = "conflict"  # somebody else was first, or the state does not allow it
    UNAVAILABLE = "unavailable"  # a partner is out of reach: try later


class YiwangError(Exception):
    """An error with a kind, a Chinese message and what to do next."""

    kind: Kind = Kind.INVALID

    def __init__(self, message: str, *, mend: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class Invalid(YiwangError):
    """The input is wrong."""


class NotAllowed(YiwangError):
    """The actor may not do this."""

    kind = Kind.FORBIDDEN


class NotFound(YiwangError):
    """There is no such thing, or none the actor may know of."""

    kind = Kind.MISSING


class Conflict(YiwangError):
    """The state does not allow it (any more)."""

    kind = Kind.CONFLICT


class Unavailable(YiwangError):
    """A partner does not answer; nothing was changed."""

    kind = Kind.UNAVAILABLE
