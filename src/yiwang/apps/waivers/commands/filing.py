# SPDX-License-Identifier: Apache-2.0
"""The department's part: begin a report, fill it in, hand it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines.definitions import Catalogue
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain import rows as lines
from ..domain.filings import Kind, State, move
from ..domain.settings import scope_on
from ..models import Filing
from ..parts import NoSuchFiling, orgs_of
from ..published import usable
from ..volumes import volumes_of

_LONGEST_NOTE = 300


class NotComplete(Invalid):
    """What is missing or wrong, all at once: `problems` is (item id, words)."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = list(problems)
        super().__init__(
            f"还有 {len(self.problems)} 处没有填好。", mend="请按提示补全后再报送，已填的都还在。"
        )


def begin(actor: Actor, kind: Kind, *, org: str, year: int) -> str:
    """Begin a department's report of a year, filled from the definitions and the case volumes of the
    year before; returns its public id. Begun before: that one.

    Raises NotAllowed: not one of the department's officers. Invalid: the year is not this one or the last.
    """
    if org not in orgs_of(actor):
        raise NotAllowed("只能填报本部门的。", mend="请由本部门的经办人或审批人填报。")
    if year not in (timezone.localdate().year, timezone.localdate().year - 1):
        raise Invalid("只能填报今年和去年的。", mend="请重新选择年份。", field="year")
    known = Filing.objects.filter(kind=kind.value, year=year, org=org).first()
    if known is not None:
        return known.public_id
    try:
        with transaction.atomic():
            row = Filing.objects.create(
                public_id=new_public_id("w"),
                kind=kind.value,
                year=year,
                org=org,
                state=State.DRAFT.value,
                rows=lines.to_json(_prefilled(current().catalogue, kind, org, year)),
                began_at=timezone.now(),
                filled_by=[actor.id],
            )
            note(actor, "begun", row)
            return row.public_id
    except IntegrityError:  # a colleague was quicker: theirs is the one
        return Filing.objects.get(kind=kind.value, year=year, org=org).public_id


def _prefilled(
    catalogue: Catalogue, kind: Kind, org: str, year: int
) -> Sequence[lines.SurveyRow | lines.DeclaredRow]:
    if kind is Kind.DECLARATION:
        return lines.declared_rows(catalogue, org, usable())
    share = scope_on(catalogue, timezone.localdate())
    return lines.survey_rows(catalogue, org, volumes_of(year - 1), share)


@transaction.atomic
def save(actor: Actor, filing: str, given: Mapping[str, Mapping[str, Any]], *, version: int) -> int:
    """Save what was filled in; returns the new version. What is not given stays as it is.

    Args:
        given: item → what was filled in: `volume`, `licences` (material → channel), `waived`, `note`.
        version: of the page that was filled in.

    Raises NoSuchFiling; Conflict: handed in already, or a colleague saved meanwhile; Invalid: a value
    that cannot be.
    """
    row = locked(actor, filing)
    if not State(row.state).is_open:
        raise Conflict(f"这份填报{State(row.state).term}，不能再改。", mend=State(row.state).sentence)
    if row.version != version:
        raise Conflict("同事刚刚保存过，您看到的页面已经过时。", mend="请刷新页面，看清最新内容后再填。")
    row.rows = lines.to_json(_filled(row, given))
    row.version += 1
    row.filled_by = sorted({*row.filled_by, actor.id})
    row.save(update_fields=["rows", "version", "filled_by"])
    note(actor, "saved", row)
    return row.version


def _filled(
    row: Filing, given: Mapping[str, Mapping[str, Any]]
) -> Sequence[lines.SurveyRow | lines.DeclaredRow]:
    if row.kind == Kind.DECLARATION.value:
        return [_declared(one, given.get(one.item, {})) for one in lines.declared_from(row.rows)]
    share = scope_on(current().catalogue, timezone.localdate())
    return lines.recounted(
        [_surveyed(one, given.get(one.item, {})) for one in lines.survey_from(row.rows)], share
    )


def _surveyed(row: lines.SurveyRow, given: Mapping[str, Any]) -> lines.SurveyRow:
    channels = {"", *(channel.value for channel in lines.Channel)}
    licences = {one: str(given.get("licences", {}).get(one, now)) for one, now in row.licences.items()}
    if not set(licences.values()) <= channels:
        raise Invalid("没有这个来源渠道。", mend="请从列表中选择。", field=row.item)
    volume = given.get("volume", row.volume)
    if isinstance(volume, bool) or not isinstance(volume, int) or not 0 <= volume <= 10**9:
        raise Invalid("办件量要填整数。", mend="例如 120；没有办过填 0。", field=row.item)
    return lines.SurveyRow(row.item, volume, row.in_scope, licences, row.results, _note(row.note, given))


def _declared(row: lines.DeclaredRow, given: Mapping[str, Any]) -> lines.DeclaredRow:
    chosen = list(given.get("waived", row.waived))
    if not set(chosen) <= set(row.candidates):
        raise Invalid("只能免可用电子证照清单上的证照。", mend="请从列表中勾选。", field=row.item)
    waived = [one for one in row.candidates if one in chosen]
    return lines.DeclaredRow(row.item, waived, row.candidates, _note(row.note, given))


def _note(now: str, given: Mapping[str, Any]) -> str:
    return str(given.get("note", now)).strip()[:_LONGEST_NOTE]


@transaction.atomic
def submit(actor: Actor, filing: str, *, version: int) -> None:
    """Hand the report in to the data bureau.

    Raises NoSuchFiling; NotComplete with everything that is missing; Conflict: handed in already, or a
    page that is out of date.
    """
    row = locked(actor, filing)
    if row.version != version:
        raise Conflict("同事刚刚保存过，您看到的页面已经过时。", mend="请刷新页面，看清最新内容后再报送。")
    state = move(State(row.state), State.SUBMITTED)
    if problems := complaints_of(row):
        raise NotComplete(problems)
    row.state, row.submitted_at, row.words = state.value, timezone.now(), ""
    row.version += 1
    row.filled_by = sorted({*row.filled_by, actor.id})
    row.save(update_fields=["state", "submitted_at", "words", "version", "filled_by"])
    note(actor, "submitted", row)


def complaints_of(row: Filing) -> list[tuple[str, str]]:
    """What is missing or wrong before the report can be handed in."""
    catalogue = current().catalogue
    if row.kind == Kind.DECLARATION.value:
        return lines.declaration_complaints(catalogue, lines.declared_from(row.rows), usable())
    return lines.survey_complaints(catalogue, lines.survey_from(row.rows))


def locked(actor: Actor, filing: str) -> Filing:
    """The report, locked, for an officer of its department. Raises NoSuchFiling."""
    row = Filing.objects.select_for_update().filter(public_id=filing).first()
    if row is None or row.org not in orgs_of(actor):
        raise NoSuchFiling
    return row


def note(actor: Actor, what: str, row: Filing) -> None:
    """One journal entry of a report."""
    detail = {"kind": row.kind, "year": row.year, "org": row.org, "state": row.state}
    record(actor, f"filing.{what}", stream=f"filing:{row.public_id}", about=row.public_id, detail=detail)
