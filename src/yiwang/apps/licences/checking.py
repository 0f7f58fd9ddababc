# SPDX-License-Identifier: Apache-2.0
"""What anybody may ask: how a licence stands, by its check code or by its file.

A file proves by itself that it was sealed and not altered. It cannot know what happened since: so the
steps of the file are told, and then how the licence stands now.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.identity.public import subjects
from yiwang.apps.seals.public import trust
from yiwang.engines.papers import check_file, form_of
from yiwang.engines.sealing import Report, verify_seal
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import mask_id_number

from .domain.check_codes import read_check_code
from .domain.states import Standing, word
from .looks import in_force
from .models import Licence, LicenceFile
from .queries import standing_of

_DER = b"\x30"


@dataclass(frozen=True)
class PublicCheck:
    """What the purpose of a check needs, and no more. `good`: it proves something today."""

    type_name: str
    number: str
    holder: str
    issuer: str
    word: str
    good: bool
    since: dt.date
    valid_from: dt.date
    valid_until: dt.date | None
    sealed_on: dt.date | None
    asked_at: dt.datetime


def public_check(code: str) -> PublicCheck:
    """How the licence with this check code stands now.

    Raises Invalid for what cannot be a code, NotFound for one that no licence has.
    """
    row = Licence.objects.filter(check_code=read_check_code(code)).first()
    if row is None:
        raise NotFound(
            "没有查到这个查验码的证照。", mend="请核对查验码；核对无误仍查不到的，请向发证机关核实。"
        )
    return _checked(row)


def _checked(row: Licence) -> PublicCheck:
    today, opened = timezone.localdate(), in_force()
    catalogue = opened.catalogue if opened else None
    material = catalogue.materials.get(row.material) if catalogue else None
    issuer = catalogue.orgs.get(row.issuer) if catalogue else None
    standing, _ = standing_of(row, today)
    says = word(standing, row.valid_from, row.valid_until, today)
    name, number = _masked(row)
    return PublicCheck(
        type_name=material.name if material else row.material,
        number=number,
        holder=name,
        issuer=issuer.name if issuer else row.issuer,
        word=says,
        good=says == Standing.VALID.term,
        since=row.standing_since,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        sealed_on=timezone.localdate(row.sealed_at) if row.sealed_at else None,
        asked_at=timezone.now(),
    )


def _masked(row: Licence) -> tuple[str, str]:
    """The holder's name as others may see it, and the number: masked where it is a person's own."""
    try:
        holder = subjects([row.holder])[row.holder]
    except NotFound:
        return "（未登记）", row.number
    own = holder.kind == "person" and row.number == holder.number
    return holder.masked_name, mask_id_number(row.number) if own else row.number


@dataclass(frozen=True)
class FileCheck:
    """What came of checking a file.

    Attributes:
        report: the numbered steps of the file itself.
        form: pdf, ofd, json, seal; empty for anything else.
        ours: byte for byte a file this platform sealed.
        newest: there is none that was made later (after a correction).
        now: how the licence stands now; None when the file is not one of ours.
    """

    report: Report
    form: str
    ours: bool = False
    newest: bool = False
    now: PublicCheck | None = None


def check_upload(data: bytes) -> FileCheck:
    """Check a file somebody brings: PDF, OFD, JSON with a seal in it, or a seal. Never raises for what
    the file holds."""
    now, believed = timezone.now(), trust()
    if data.startswith(_DER):
        return FileCheck(verify_seal(data, believed, at=now), "seal")
    report = check_file(data, believed, at=now)
    found, form = known_file(hashlib.sha256(data).hexdigest()), form_of(data) or ""
    if found is None:
        return FileCheck(report, form)
    return FileCheck(report, form, True, found[1], found[0])


def known_file(sha256: str) -> tuple[PublicCheck, bool] | None:
    """How the licence stands that has this sealed file, and whether none was made later; None when no
    licence has it."""
    named = LicenceFile.objects.filter(sha256=sha256).select_related("licence").order_by("-seq").first()
    if named is None:
        return None
    last = named.licence.files.order_by("-seq").values_list("seq", flat=True).first()
    newest = named.licence.sealed_at is not None and last == named.seq
    return _checked(named.licence), newest
