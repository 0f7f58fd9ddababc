# SPDX-License-Identifier: Apache-2.0
"""The documents of an application as the applicant sees them, and what may stand in for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.commitments.public import CommitmentText, LetterState, LetterView, commitment_text, letters
from yiwang.apps.materials.public import StoredFile, describe
from yiwang.engines.planning import Plan, Supply

from .commands._documents import open_targets
from .held import files_of, kept_for
from .models import Application, Document, Stage


@dataclass(frozen=True)
class DocumentView:
    """A document of an application, with the files handed in.

    Attributes:
        deferred: promised for later (容缺) and not there yet; `due_on` is the last day, known from
            the acceptance on; `lapsed`: it has passed.
        letter: the commitment signed for it (告知承诺); `letter.state` says whether it stands.
        may_attach: files may be added now.
        own_way: the applicant chose to hand it in although the government has it already.
    """

    material: str
    name: str
    resolution: str
    files: Sequence[StoredFile]
    deferred: bool
    due_on: dt.date | None
    lapsed: bool
    supplied_at: dt.datetime | None
    letter: LetterView | None
    evidence: str
    may_attach: bool
    own_way: bool

    @property
    def asked_instead(self) -> bool:
        """Whether it is asked for because its commitment was withdrawn or found untrue (按原程序办理)."""
        return (
            self.letter is not None
            and self.resolution != Supply.COMMITMENT.value
            and self.letter.state in (LetterState.WITHDRAWN, LetterState.UNTRUE)
        )


def papers_of(found: Application, opened: OpenRelease) -> list[DocumentView]:
    """Every document of an application, in the order they came."""
    open_now = set(opened.catalogue.materials) if found.stage == Stage.DRAFT else open_targets(found)
    rows = list(found.documents.order_by("id"))
    kept, signed = kept_for(rows), letters([row.letter for row in rows])
    return [_view(row, files_of(row, kept), opened, open_now, signed.get(row.letter)) for row in rows]


def _view(
    row: Document, files: Sequence[str], opened: OpenRelease, open_now: set[str], letter: LetterView | None
) -> DocumentView:
    known = opened.catalogue.materials.get(row.material)
    return DocumentView(
        material=row.material,
        name=known.name if known else row.material,
        resolution=row.resolution,
        files=describe(files),
        deferred=row.deferred,
        due_on=row.due_on,
        lapsed=row.lapsed_at is not None and row.supplied_at is None,
        supplied_at=row.supplied_at,
        letter=letter,
        evidence=row.evidence,
        may_attach=row.material in open_now,
        own_way=row.own_way,
    )


def commitments_of(planned: Plan, opened: OpenRelease) -> dict[str, CommitmentText]:
    """The commitments the applicant may sign instead of handing documents in, by material."""
    texts = {
        line.material: commitment_text(opened.catalogue, line.material, line.required_by)
        for line in planned.materials.lines
        if line.resolution is Supply.COMMITMENT
    }
    return {material: text for material, text in texts.items() if text is not None}
