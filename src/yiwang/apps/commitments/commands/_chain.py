# SPDX-License-Identifier: Apache-2.0
"""A locked letter, and the next link of its chain."""

from __future__ import annotations

import datetime as dt

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotFound

from ..domain.states import LetterState, changed
from ..models import Fact, Letter

MOST_WORDS = 2_000


class NoSuchLetter(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份承诺书。", mend="请刷新页面，从列表中选择。")


def locked(public_id: str) -> Letter:
    """The letter, locked. Raises NoSuchLetter."""
    found = Letter.objects.select_for_update().filter(public_id=public_id).first()
    if found is None:
        raise NoSuchLetter
    return found


def go(letter: Letter, to: LetterState) -> None:
    """Take a locked letter to a state. Raises Conflict."""
    letter.state = changed(LetterState(letter.state), to).value
    letter.save(update_fields=["state"])


def tell(
    actor: Actor, letter: Letter, kind: str, *, at: dt.datetime, words: str = "", about: str = ""
) -> None:
    """The next link of the chain, and its entry in the journal: without the words."""
    Fact.objects.create(
        letter=letter, kind=kind, at=at, by=actor.id, by_name=actor.name, words=words, about=about
    )
    record(
        actor,
        f"commitment.{kind}",
        stream=f"case:{letter.case}",
        about=letter.public_id,
        subject=letter.subject,
        detail={"material": letter.material, "text": letter.version, "about": about},
    )


def written(words: str, what: str, *, field: str = "words") -> str:
    """The words. Raises Invalid when there are none, or too many."""
    text = words.strip()
    if not text or len(text) > MOST_WORDS:
        raise Invalid(f"请写明{what}。", mend=f"{MOST_WORDS} 字以内。", field=field)
    return text
