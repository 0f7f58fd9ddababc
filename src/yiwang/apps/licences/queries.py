# SPDX-License-Identifier: Apache-2.0
"""Read licences. Who may read them is decided by the case that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from yiwang.apps.journal.public import marks_for, read_rows
from yiwang.kernel.errors import NotFound

from .domain.check_codes import written
from .domain.states import Standing, usable, word
from .models import Licence


@dataclass(frozen=True)
class LicenceView:
    """A licence as others see it. `standing` is today's; a change that lies ahead is `coming`."""

    public_id: str
    material: str
    number: str
    holder: str
    issuer: str
    fields: Mapping[str, Any]
    valid_from: dt.date
    valid_until: dt.date | None
    standing: Standing
    case: str
    standing_reason: str = ""
    standing_since: dt.date | None = None
    coming: Standing | None = None
    identifier: str = ""
    check_code: str = ""
    template: str = ""
    version: int = 1
    awaiting_seal: bool = False
    seal_due: dt.date | None = None
    sealed_at: dt.datetime | None = None
    recorded_at: dt.datetime | None = None
    place: str = ""

    def usable_on(self, day: dt.date) -> bool:
        """Whether it proves anything on `day`."""
        return usable(self.standing, self.valid_from, self.valid_until, day)

    @property
    def word(self) -> str:
        """How it stands today, in Chinese: expiry counts."""
        return word(self.standing, self.valid_from, self.valid_until, timezone.localdate())

    @property
    def written_check_code(self) -> str:
        """The check code as it is printed."""
        return written(self.check_code)


def standing_of(row: Licence, today: dt.date) -> tuple[Standing, Standing | None]:
    """How a licence stands today, and what it will come to if a change lies ahead."""
    kept = Standing(row.standing)
    if row.standing_since > today and row.standing != row.standing_before:
        return Standing(row.standing_before), kept
    return kept, None


def view(row: Licence) -> LicenceView:
    """The row as others see it."""
    standing, coming = standing_of(row, timezone.localdate())
    return LicenceView(
        public_id=row.public_id,
        material=row.material,
        number=row.number,
        holder=row.holder,
        issuer=row.issuer,
        fields=row.fields,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        standing=standing,
        case=row.case,
        standing_reason=row.standing_reason,
        standing_since=row.standing_since,
        coming=coming,
        identifier=row.identifier,
        check_code=row.check_code,
        template=row.template,
        version=row.version,
        awaiting_seal=row.seal_asked_at is not None and row.sealed_at is None,
        seal_due=row.seal_due,
        sealed_at=row.sealed_at,
        recorded_at=row.recorded_at,
        place=row.place,
    )


def held_by(holders: Collection[str]) -> list[LicenceView]:
    """Every licence of these people and firms, newest first, whatever its standing."""
    if not (asked := sorted(set(holders))):
        return []
    rest = f"WHERE holder IN {marks_for(asked)} ORDER BY valid_from DESC, id DESC"
    return [view(row) for row in read_rows(Licence, rest, asked)]


def licence(public_id: str) -> LicenceView:
    """One licence. Raises NotFound."""
    return view(row_of(public_id))


def row_of(public_id: str) -> Licence:
    """The row of one licence. Raises NotFound."""
    row = Licence.objects.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这个证照。", mend="请核对编号。")
    return row


def licences(public_ids: Collection[str]) -> list[LicenceView]:
    """Several licences, in no order."""
    return [view(row) for row in Licence.objects.filter(public_id__in=public_ids)]


def numbered(number: str) -> list[LicenceView]:
    """The licences with this number: of one type at most one."""
    return [view(row) for row in Licence.objects.filter(number=number).order_by("material")]


def with_check_code(code: str) -> list[str]:
    """The public id of the licence with this check code, if there is one."""
    return list(Licence.objects.filter(check_code=code).values_list("public_id", flat=True))
