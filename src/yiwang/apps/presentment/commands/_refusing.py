# SPDX-License-Identifier: Apache-2.0
"""Refusals that stay on record: what was tried is journalled, then told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.journal.public import record
from yiwang.engines.definitions.kinds.purposes import UsePurpose
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, NotAllowed, YiwangError


@dataclass(frozen=True)
class Refused:
    """Why somebody could not use a licence. `code` is for the journal, the rest for people."""

    code: str
    message: str
    mend: str
    forbidden: bool = False

    def error(self) -> YiwangError:
        """The error to raise once the entry is committed."""
        return (NotAllowed if self.forbidden else Conflict)(self.message, mend=self.mend)


@contextmanager
def told_after_commit() -> Iterator[list[Refused]]:
    """Raises the refusal put into the list once the transaction with its entry is committed."""
    refusals: list[Refused] = []
    with transaction.atomic():
        yield refusals
    if refusals:
        raise refusals[0].error()


def stream_of(subject: str) -> str:
    """The chain of everything that happens to one holder's licences."""
    return f"uses:{subject}"


def note_refusal(actor: Actor, refused: Refused, *, subject: str, purpose: UsePurpose, about: str) -> None:
    """One entry for a look that did not happen; the holder sees it. Needs a transaction."""
    record(
        actor,
        "present.refused",
        stream=stream_of(subject),
        about=about,
        subject=subject,
        purpose=purpose.name,
        basis=purpose.basis,
        detail={"why": refused.code, "said": refused.message},
    )
