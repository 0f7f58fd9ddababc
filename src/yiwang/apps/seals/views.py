# SPDX-License-Identifier: Apache-2.0
"""Seals, uses and certificates as others see them: frozen values, no keys, no pictures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from .domain.kinds import PaperKind, SealKind
from .domain.reasons import Purpose, reason_words
from .domain.states import State, expired
from .domain.uses import Scope, UseState
from .models import Pressing, Seal, Use


@dataclass(frozen=True)
class SealView:
    """A seal. `not_after`: when its certificate, and so the seal, ends."""

    public_id: str
    kind: SealKind
    org: str
    place: str
    unit_name: str
    name: str
    holder_name: str
    holder_post: str
    custodian: str
    custodian_name: str
    applicant: str
    applicant_name: str
    state: State
    purpose: Purpose
    replaces: str
    reason_words: str
    imprint_number: str
    width_mm: int
    height_mm: int
    serial: str
    not_before: dt.datetime | None
    not_after: dt.datetime | None
    filing_number: str
    cancel_words: str
    passphrase_at: dt.datetime | None
    created_at: dt.datetime
    is_expired: bool
    expires_soon: bool = False

    @property
    def usable(self) -> bool:
        """In force and not run out."""
        return self.state is State.ACTIVE and not self.is_expired

    @property
    def standing(self) -> str:
        """How it stands, in a word."""
        return "已过期" if self.state is State.ACTIVE and self.is_expired else self.state.term


@dataclass(frozen=True)
class PaperView:
    """A paper of an application; `file` is its public id among the files."""

    kind: PaperKind
    file: str
    name: str


@dataclass(frozen=True)
class StepView:
    """One step in a seal's life."""

    term: str
    by_name: str
    at: dt.datetime
    words: str


@dataclass(frozen=True)
class UseView:
    """A request to use a seal."""

    public_id: str
    seal: str
    seal_name: str
    scope: Scope
    purpose: str
    document: str
    material: str
    until: dt.date
    limit: int
    taken: int
    state: UseState
    asked_by: str
    asked_by_name: str
    asked_at: dt.datetime
    decided_by_name: str
    decided_at: dt.datetime | None
    words: str
    org: str
    place: str

    @property
    def left(self) -> int:
        """How many documents it still covers; 0 when its day is past or it does not hold."""
        if self.state is not UseState.APPROVED or timezone.localdate() > self.until:
            return 0
        return self.limit - self.taken

    @property
    def standing(self) -> str:
        """How it stands, in a word."""
        if self.state is not UseState.APPROVED:
            return self.state.term
        if timezone.localdate() > self.until:
            return "已到期"
        return "已同意" if self.taken < self.limit else "已用完"


@dataclass(frozen=True)
class PressingView:
    """One line of the use log. `refused`: why nothing was pressed; empty when it was."""

    at: dt.datetime
    by_name: str
    about: str
    digest: str
    use: str
    use_purpose: str
    refused: str


@dataclass(frozen=True)
class ImprintView:
    """An imprint filed with the public security organ. `digest`: SM3 of its picture."""

    number: str
    unit_name: str
    digest: str
    width_mm: int
    height_mm: int
    recorded_at: dt.datetime


@dataclass(frozen=True)
class AuthorityView:
    """A certificate of an authority. `digest`: its SM3 fingerprint."""

    digest: str
    subject: str
    issuer: str
    not_after: dt.datetime
    imported_at: dt.datetime
    is_root: bool
    is_demo: bool
    distrusted_at: dt.datetime | None
    distrusted_why: str


@dataclass(frozen=True)
class CrlView:
    """The newest revocation list of an issuer."""

    issuer: str
    this_update: dt.datetime
    next_update: dt.datetime | None
    imported_at: dt.datetime
    is_current: bool


def _said(reason: str, words: str) -> str:
    """The reason and, where somebody wrote more than that, their words."""
    given = reason_words(reason)
    return f"{given}：{words}" if given and words and words != given else given or words


def seal_view(row: Seal, *, warn_days: int = 0) -> SealView:
    """The row as others see it; `warn_days` before its end it counts as expiring."""
    now = timezone.now()
    soon = row.not_after is not None and row.not_after <= now + dt.timedelta(days=warn_days)
    return SealView(
        public_id=row.public_id,
        kind=SealKind(row.kind),
        org=row.org,
        place=row.place,
        unit_name=row.unit_name,
        name=row.name,
        holder_name=row.holder_name,
        holder_post=row.holder_post,
        custodian=row.custodian,
        custodian_name=row.custodian_name,
        applicant=row.applicant,
        applicant_name=row.applicant_name,
        state=State(row.state),
        purpose=Purpose(row.purpose),
        replaces=row.replaces.public_id if row.replaces else "",
        reason_words=_said(row.reason, row.reason_words),
        imprint_number=row.imprint_number,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        serial=row.serial,
        not_before=row.not_before,
        not_after=row.not_after,
        filing_number=row.filing_number,
        cancel_words=_said(row.cancel_reason, row.cancel_words),
        passphrase_at=row.passphrase_at,
        created_at=row.created_at,
        is_expired=expired(row.not_after, now),
        expires_soon=soon and row.state == State.ACTIVE.value,
    )


def use_view(row: Use) -> UseView:
    """The request as others see it."""
    return UseView(
        public_id=row.public_id,
        seal=row.seal.public_id,
        seal_name=row.seal.name,
        scope=Scope(row.scope),
        purpose=row.purpose,
        document=row.document,
        material=row.material,
        until=row.until,
        limit=row.limit,
        taken=row.taken,
        state=UseState(row.state),
        asked_by=row.asked_by,
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        words=row.words,
        org=row.seal.org,
        place=row.seal.place,
    )


def pressing_view(row: Pressing) -> PressingView:
    """The line as others see it."""
    return PressingView(
        row.at,
        row.by_name,
        row.about,
        row.digest,
        row.use.public_id if row.use else "",
        row.use.purpose if row.use else "",
        row.refused,
    )
