# SPDX-License-Identifier: Apache-2.0
"""Sheets of licences: handed in by a department, taken over row by row, with a report (存量转换).

Source: 豫数政办〔2023〕3号 (四) L265; the same way serves a batch a department has just issued, and the
periodic import from systems that cannot share yet. `stock_run` does the work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.apps.vault.public import Watermark, watermark
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from . import stock_files
from .domain.stock_rows import NEEDED, OPTIONAL, PROBLEM, RECORD_NUMBER, TypeSpec, check_header
from .domain.stock_states import Purpose, SheetState
from .models import StockProblem, StockSheet
from .templates import template_for, templates_on

_MAY = (Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
_MOST_SHOWN = 200
KEPT_DAYS = "stock-sheet-days"
"""The setting that says how many days the file of a finished sheet is kept."""


@dataclass(frozen=True)
class SheetView:
    """A sheet and how far it is."""

    public_id: str
    org: str
    purpose: Purpose
    file_name: str
    state: SheetState
    total_rows: int
    done_rows: int
    issued: int
    known: int
    updated: int
    wrong: int
    fault: str
    given_name: str
    given_at: dt.datetime
    finished_at: dt.datetime | None

    @property
    def percent(self) -> int:
        """How much of it is done, 0–100."""
        return 100 if self.state is SheetState.DONE else self.done_rows * 100 // max(self.total_rows, 1)


@dataclass(frozen=True)
class ProblemView:
    """One line of the report."""

    row: int
    column: str
    what: str
    mend: str


def types_of(catalogue: Catalogue, org: str, on: dt.date) -> dict[str, TypeSpec]:
    """The licence types a department may hand in, by name and by id."""
    specs = [_spec(catalogue, material, on) for material in materials_of(catalogue, org)]
    return {key: spec for spec in specs for key in (spec.name, spec.id)}


def materials_of(catalogue: Catalogue, org: str) -> list[Material]:
    """The licences a department issues; every one for the empty name of the whole city."""
    return [
        material
        for material in catalogue.materials.values()
        if material.kind is MaterialKind.LICENCE and (not org or org in issuers_of(catalogue, material))
    ]


def issuers_of(catalogue: Catalogue, material: Material) -> set[str]:
    """The departments that issue a type: the one it names, and those whose items end in it."""
    found = {catalogue.items[item].org for item in catalogue.producers.get(material.id, ())}
    return found | ({material.issuer} if material.issuer else set())


def types_made(catalogue: Catalogue, org: str) -> list[Material]:
    """The licence types that are made here: those that have a template. The others (other people's cards,
    the deceased's) are only read."""
    known = templates_on(timezone.localdate())
    return [one for one in materials_of(catalogue, org) if one.id in known]


def _spec(catalogue: Catalogue, material: Material, on: dt.date) -> TypeSpec:
    labels = {field.label: catalogue.elements[field.element] for field in material.fields}
    template = template_for(material.id, on)
    optional = {field.key for field in template.fields if not field.required} if template else set()
    needed = frozenset(label for label, element in labels.items() if element.id not in optional)
    return TypeSpec(material.id, material.name, material.subject, labels, needed)


def sheet_headings(material: Material) -> tuple[str, ...]:
    """The headings of an empty sheet for one type: what must be there, what is printed, what may be."""
    return (*NEEDED, *(field.label for field in material.fields), *OPTIONAL)


def require_may_hand_in(actor: Actor, org: str) -> None:
    """Raise NotAllowed unless the actor decides or keeps the data for this department, or is the system."""
    if actor.kind is ActorKind.SYSTEM or (actor.kind is ActorKind.OFFICER and actor.has(*_MAY, org=org)):
        return
    mend = "请由本单位的审批人、首席事务代表或者数据管理员办理。"
    raise NotAllowed("您不能替这个单位导入证照。", mend=mend)


def hand_in_sheet(actor: Actor, *, org: str, purpose: Purpose, name: str, content: bytes) -> str:
    """Hand in a sheet; returns its public id. Its headings are checked at once, its rows by the worker.
    The same sheet of the same department is taken once: a second call returns the first one's id.

    Raises NotAllowed. Invalid: too large, no sheet, headings that do not fit, or a department that
    issues no licences.
    """
    require_may_hand_in(actor, org)
    catalogue = current().catalogue
    if org not in catalogue.orgs or not materials_of(catalogue, org):
        raise Invalid("这个单位没有要核发的证照。", mend="请核对单位。", field="org")
    most = settings.ENV["UPLOAD_MAX_MB"]
    if len(content) > most * 1_000_000:
        raise Invalid(f"文件超过 {most} MB。", mend="请分成几个表格，分别上传。", field="file")
    form = stock_files.form_of(content)
    digest = stock_files.keep(content)
    _read_headings(catalogue, org, digest, form)
    return _enter(actor, StockSheet(org=org, purpose=purpose.value, digest=digest, form=form), name)


def _read_headings(catalogue: Catalogue, org: str, digest: str, form: str) -> None:
    with stock_files.opened(digest, form) as rows:
        first = next(rows, None)
        if first is None:
            raise Invalid("表格是空的。", mend="请核对选的文件。", field="file")
        check_header(first[1], types_of(catalogue, org, timezone.localdate()))


def _enter(actor: Actor, sheet: StockSheet, name: str) -> str:
    sheet.public_id = new_public_id("k")
    sheet.file_name = name.strip()[-200:] or "表格"
    sheet.state = SheetState.WAITING.value
    sheet.given_by, sheet.given_name, sheet.given_at = actor.id, actor.name, timezone.now()
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
            detail = {"org": sheet.org, "purpose": sheet.purpose, "sha256": sheet.digest}
            stream = f"stock:{sheet.public_id}"
            record(actor, "stock.sheet.given", stream=stream, about=sheet.public_id, detail=detail)
    except IntegrityError:
        earlier = StockSheet.objects.get(org=sheet.org, purpose=sheet.purpose, digest=sheet.digest)
        return earlier.public_id
    return sheet.public_id


def sheets(actor: Actor, *, limit: int = 100) -> list[SheetView]:
    """The sheets an officer may see, the newest first."""
    rows = StockSheet.objects.order_by("-id")
    if not _sees_all(actor):
        rows = rows.filter(org__in={post.org for post in actor.posts if post.role in _MAY})
    return [view_of(row) for row in rows[:limit]]


def sheet_view(actor: Actor, public_id: str) -> SheetView:
    """One sheet. Raises NotFound when there is none, or none the actor may see."""
    return view_of(_seen(actor, public_id))


def problems_of(actor: Actor, public_id: str, *, limit: int = _MOST_SHOWN) -> list[ProblemView]:
    """What is wrong in a sheet, by row; as many as `limit`. Raises NotFound."""
    rows = StockProblem.objects.filter(sheet=_seen(actor, public_id)).order_by("row", "id")[:limit]
    return [ProblemView(row.row, row.column, row.what, row.mend) for row in rows]


def report_of(actor: Actor, public_id: str) -> Iterator[tuple[str, ...]]:
    """The report as a table: the wrong rows as they were handed in, with what to mend in front of them.
    Once corrected it may be handed in as it is. Every row has a record number, which tells whose copy a
    table that turns up elsewhere was. Raises NotFound."""
    sheet = _seen(actor, public_id)
    told: dict[int, list[str]] = {}
    for one in StockProblem.objects.filter(sheet=sheet).order_by("row", "id").iterator():
        where = f"【{one.column}】" if one.column else ""
        told.setdefault(one.row, []).append(f"第{one.row}行{where}{one.what}：{one.mend}")
    mark = watermark(receipt=sheet.public_id, receiver=sheet.org, who=actor.name or actor.id)
    return _marked(_report(sheet, told), mark)


def _marked(rows: Iterator[tuple[str, ...]], mark: Watermark) -> Iterator[tuple[str, ...]]:
    yield (*next(rows), RECORD_NUMBER)
    yield from map(tuple, mark.rows(rows))


def _report(sheet: StockSheet, told: Mapping[int, list[str]]) -> Iterator[tuple[str, ...]]:
    with stock_files.opened(sheet.digest, sheet.form) as rows:
        headings = [str(cell or "") for cell in next(rows)[1]]
        kept = [place for place, name in enumerate(headings) if name and name not in (PROBLEM, RECORD_NUMBER)]
        yield (PROBLEM, *(headings[place] for place in kept))
        for number, cells in rows:
            if number in told:
                given = [_harmless(cells[place]) if place < len(cells) else "" for place in kept]
                yield ("；".join(told[number]), *given)


def _harmless(cell: Any) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    text = "" if cell is None else str(cell)
    return f" {text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _seen(actor: Actor, public_id: str) -> StockSheet:
    row = StockSheet.objects.filter(public_id=public_id).first()
    if row is None or not (_sees_all(actor) or actor.has(*_MAY, org=row.org)):
        raise NotFound("没有这个表格。", mend="请从导入列表进入。")
    return row


def _sees_all(actor: Actor) -> bool:
    all_departments = any(post.role is Role.DATA and not post.org for post in actor.posts)
    return actor.kind is ActorKind.SYSTEM or all_departments


def forget_sheets() -> int:
    """Remove the files of sheets that were finished longer ago than the setting says; what was counted and
    found stays. Returns how many."""
    if not StockSheet.objects.filter(finished_at__isnull=False).exists():
        return 0
    before = timezone.now() - dt.timedelta(days=whole(current().catalogue, KEPT_DAYS))
    old = StockSheet.objects.filter(finished_at__lt=before)
    newer = StockSheet.objects.exclude(finished_at__lt=before).values("digest")
    digests = set(old.exclude(digest__in=newer).values_list("digest", flat=True))
    gone = [digest for digest in digests if stock_files.is_kept(digest)]
    for digest in gone:
        stock_files.forget(digest)
    return len(gone)


def view_of(row: StockSheet) -> SheetView:
    """A row of the table as others see it."""
    return SheetView(
        public_id=row.public_id,
        org=row.org,
        purpose=Purpose(row.purpose),
        file_name=row.file_name,
        state=SheetState(row.state),
        total_rows=row.total_rows,
        done_rows=row.done_rows,
        issued=row.issued,
        known=row.known,
        updated=row.updated,
        wrong=row.wrong,
        fault=row.fault,
        given_name=row.given_name,
        given_at=row.given_at,
        finished_at=row.finished_at,
    )
