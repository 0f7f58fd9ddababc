# SPDX-License-Identifier: Apache-2.0
"""The catalogue of licence types, who must make which (市级电子证照制作责任清单), and until when their
stock must be in.

Sources: 驻政办〔2022〕62号 L731 (types, stock, time span per department); 豫数政办〔2023〕3号 L265 (six
months after a list of usable licences is published); GB/T 36902 for what a type is known by.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds import Template
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .domain.stock_states import months_after
from .models import Licence, Responsibility, StockTarget
from .stock import issuers_of, require_may_hand_in, types_made
from .templates import templates_on

MONTHS = "stock-months"
"""The setting that says how many months the stock of a published list has."""
_STREAM = "licence-types"


@dataclass(frozen=True)
class TypeView:
    """A licence type: what the national catalogue knows it by, who issues it, what it is drawn with."""

    material: str
    name: str
    type_code: str
    definer: str
    holder_kind: str
    validity_range: str
    issuers: tuple[str, ...]
    template_version: int | None
    template_name: str
    on_record: int


@dataclass(frozen=True)
class Duty:
    """A line of the responsibility list. Counts and span are None until the department reports them."""

    material: str
    material_name: str
    org: str
    stock_count: int | None
    span_from: dt.date | None
    span_to: dt.date | None
    on_record: int
    reported_at: dt.datetime | None


@dataclass(frozen=True)
class TargetView:
    """A type on a published list, and how far its stock is."""

    id: int
    list_name: str
    material: str
    published_on: dt.date
    due_on: dt.date
    finished_on: dt.date | None
    expected: int | None
    on_record: int
    is_late: bool


def licence_types(on: dt.date | None = None) -> list[TypeView]:
    """Every licence type that is made here, by issuing department and name."""
    day, opened = on or timezone.localdate(), current()
    counts, known = _counts(), templates_on(day)
    found = []
    for material in types_made(opened.catalogue, ""):
        issuers = tuple(sorted(issuers_of(opened.catalogue, material)))
        if not issuers:
            continue
        template = known.get(material.id)
        count = sum(counts.get((material.id, org), 0) for org in issuers)
        found.append(_type_view(material.id, material.name, issuers, template, count))
    return sorted(found, key=lambda one: (one.issuers, one.name))


def _type_view(
    material: str, name: str, issuers: tuple[str, ...], template: Template | None, on_record: int
) -> TypeView:
    known = template.type if template else None
    return TypeView(
        material=material,
        name=name,
        type_code=(known.type_code if known else None) or "",
        definer=(known.definer if known else None) or "",
        holder_kind=(known.holder_kind if known else None) or "",
        validity_range=(known.validity_range if known else None) or "",
        issuers=issuers,
        template_version=template.version if template else None,
        template_name=template.name if template else "",
        on_record=on_record,
    )


def _counts() -> dict[tuple[str, str], int]:
    """Licences on record by type and issuer."""
    rows = Licence.objects.values_list("material", "issuer").annotate(count=Count("id"))
    return {(material, issuer): count for material, issuer, count in rows}


def duties(org: str = "") -> list[Duty]:
    """The responsibility list, of one department or of all: every type that an item of theirs issues, with
    the stock they reported."""
    opened, counts = current(), _counts()
    reported = {(row.material, row.org): row for row in Responsibility.objects.all()}
    found = []
    for material in types_made(opened.catalogue, org):
        for issuer in sorted(issuers_of(opened.catalogue, material)):
            if org and issuer != org:
                continue
            key = (material.id, issuer)
            row = reported.get(key)
            found.append(
                Duty(
                    material=material.id,
                    material_name=material.name,
                    org=issuer,
                    stock_count=row.stock_count if row else None,
                    span_from=row.span_from if row else None,
                    span_to=row.span_to if row else None,
                    on_record=counts.get(key, 0),
                    reported_at=row.reported_at if row else None,
                )
            )
    return sorted(found, key=lambda one: (one.org, one.material_name))


@transaction.atomic
def report_stock(actor: Actor, *, org: str, material: str, count: int, span: tuple[dt.date, dt.date]) -> None:
    """A department says how much stock of a type it has, and of which years.

    Raises NotAllowed: not of this department. Invalid: no such type of it, a negative count, a span that
    ends before it begins or after today.
    """
    require_may_hand_in(actor, org)
    opened = current()
    known = opened.catalogue.materials.get(material)
    if (
        known is None
        or known.kind is not MaterialKind.LICENCE
        or org not in issuers_of(opened.catalogue, known)
    ):
        raise Invalid("这种证照不由这个单位核发。", mend="请从责任清单里选择。", field="material")
    if count < 0 or count > 1_000_000_000:
        raise Invalid("存量件数不对。", mend="请填 0 或正整数。", field="count")
    if not span[0] <= span[1] <= timezone.localdate():
        mend = "请填最早和最晚一件的颁发日期，不晚于今天。"
        raise Invalid("时间跨度的起止日期不对。", mend=mend, field="span_to")
    values = {
        "stock_count": count,
        "span_from": span[0],
        "span_to": span[1],
        "reported_by": actor.id,
        "reported_at": timezone.now(),
    }
    Responsibility.objects.update_or_create(material=material, org=org, defaults=values)
    record(
        actor, "licence.stock.reported", stream=_STREAM, about=material, detail={"org": org, "count": count}
    )


@transaction.atomic
def expect_stock(actor: Actor, *, list_name: str, materials: Sequence[str], published_on: dt.date) -> dt.date:
    """Note that a list of usable licences was published: the stock of its types is due within the months
    that the setting names. Returns the last day. The same list again changes nothing.

    Raises NotAllowed: neither the data bureau nor the system. Invalid: no name, no type, an unknown one.
    """
    bureau = any(post.role is Role.DATA and not post.org for post in actor.posts)
    if actor.kind is not ActorKind.SYSTEM and not bureau:
        raise NotAllowed("清单由数据管理部门登记。", mend="请联系数据管理员。")
    opened = current()
    unknown = [one for one in materials if one not in opened.catalogue.materials]
    if not list_name.strip() or not materials or unknown:
        raise Invalid(
            "清单要有名称和证照类型。", mend="请填清单名称，并勾选清单上的证照。", field="materials"
        )
    due = months_after(published_on, whole(opened.catalogue, MONTHS))
    for material in materials:
        StockTarget.objects.get_or_create(
            list_name=list_name.strip()[:120],
            material=material,
            defaults={"published_on": published_on, "due_on": due},
        )
    detail = {"list": list_name.strip()[:120], "count": len(materials), "due": due.isoformat()}
    record(actor, "licence.stock.expected", stream=_STREAM, about=new_public_id("list"), detail=detail)
    return due


@transaction.atomic
def finish_target(actor: Actor, target: int) -> None:
    """A department says that the stock of a type on a list is in.

    Raises NotFound; NotAllowed for other departments; Conflict when it was said before, or when more
    stock was reported than is on record.
    """
    row = StockTarget.objects.select_for_update().filter(pk=target).first()
    if row is None:
        raise NotFound("没有这一条。", mend="请从清单进入。")
    opened = current()
    issuers = issuers_of(opened.catalogue, opened.catalogue.materials[row.material])
    if not any(actor.has(Role.DATA, Role.APPROVER, Role.REPRESENTATIVE, org=org) for org in issuers):
        raise NotAllowed("只有发证单位可以报告完成。", mend="请由发证单位办理。")
    if row.finished_on is not None:
        raise Conflict("已经报告过完成。", mend="请刷新页面。")
    seen = next(one for one in targets() if one.id == row.pk)
    if seen.expected is not None and seen.on_record < seen.expected:
        missing = seen.expected - seen.on_record
        raise Conflict(
            f"责任清单报了 {seen.expected} 件，还差 {missing} 件没有入库。", mend="请先导入，或更正存量件数。"
        )
    row.finished_on, row.finished_by = timezone.localdate(), actor.id
    row.save(update_fields=["finished_on", "finished_by"])
    record(
        actor, "licence.stock.finished", stream=_STREAM, about=row.material, detail={"list": row.list_name}
    )


def targets(*, late_only: bool = False) -> list[TargetView]:
    """The types that published lists name, those due first in front, with how much of each is on record."""
    today, counts = timezone.localdate(), _counts()
    reported: dict[str, int] = {}
    for material, count in Responsibility.objects.values_list("material", "stock_count"):
        reported[material] = reported.get(material, 0) + count
    found = []
    for row in StockTarget.objects.order_by("due_on", "list_name", "material"):
        is_late = row.finished_on is None and row.due_on < today
        if late_only and not is_late:
            continue
        found.append(
            TargetView(
                id=row.pk,
                list_name=row.list_name,
                material=row.material,
                published_on=row.published_on,
                due_on=row.due_on,
                finished_on=row.finished_on,
                expected=reported.get(row.material),
                on_record=sum(n for (material, _), n in counts.items() if material == row.material),
                is_late=is_late,
            )
        )
    return found
