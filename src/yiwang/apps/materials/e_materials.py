# SPDX-License-Identifier: Apache-2.0
"""Read e-materials. Who may see one is its holder, or whoever handles a case it stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import NotFound

from . import files
from .domain.reuse import Origin
from .models import EMaterial, File, Withdrawal


@dataclass(frozen=True)
class Use:
    """One application in which an e-material stood for a document."""

    application: str
    purpose: str
    basis: str
    at: dt.datetime


@dataclass(frozen=True)
class EMaterialView:
    """An e-material as others see it.

    Attributes:
        about: public id of the person or firm it is about; `org`: who accepted or issued it.
        files: public ids, in order; empty for an issued result, which `result` names.
        valid_until: the last day on which it may be used again, by the rule of its time; None: never.
        withdrawn: why its holder does not let it be used; empty while they do.
    """

    public_id: str
    material: str
    name: str
    about: str
    origin: str
    files: Sequence[str]
    result: str
    application: str
    item: str
    org: str
    accepted_at: dt.datetime
    valid_until: dt.date | None
    withdrawn: str
    withdrawn_at: dt.datetime | None
    uses: Sequence[Use]

    def usable_on(self, day: dt.date) -> bool:
        """Whether it may stand in a case of this day, as far as its row says."""
        return not self.withdrawn and self.valid_until is not None and day <= self.valid_until


class NoSuchEMaterial(NotFound):
    """There is none, or it is somebody else's: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这份电子材料。", mend="请回到“我的电子材料”，从列表中选择。")


def view(row: EMaterial) -> EMaterialView:
    """The row as others see it."""
    return EMaterialView(
        public_id=row.public_id,
        material=row.material,
        name=row.name,
        about=row.about,
        origin=Origin(row.origin).term,
        files=[one["file"] for one in row.files],
        result=row.result,
        application=row.application,
        item=row.item,
        org=row.org,
        accepted_at=row.accepted_at,
        valid_until=row.valid_until,
        withdrawn=Withdrawal(row.withdrawn_why).label if row.withdrawn_why else "",
        withdrawn_at=row.withdrawn_at,
        uses=[Use(one.application, one.purpose, one.basis, one.at) for one in row.uses.all()],
    )


def e_materials(public_ids: Collection[str]) -> dict[str, EMaterialView]:
    """E-materials by public id; those that are not there are left out."""
    found = EMaterial.objects.filter(public_id__in=public_ids).prefetch_related("uses")
    return {row.public_id: view(row) for row in found}


def e_materials_of(actor: Actor) -> list[EMaterialView]:
    """What is kept about a person and the firms they act for, the newest first."""
    if actor.kind is not ActorKind.PERSON:
        return []
    own = EMaterial.objects.filter(
        about__in=[actor.id, *actor.firms_for(Matter.APPLICATIONS)]
    ).prefetch_related("uses")
    return [view(row) for row in own.order_by("-accepted_at", "-id")]


def e_material_of(actor: Actor, public_id: str) -> EMaterialView:
    """One of the actor's own. Raises NotFound, also when it is about somebody else."""
    row = EMaterial.objects.filter(public_id=public_id).prefetch_related("uses").first()
    if row is None or not actor.is_subject(row.about, Matter.APPLICATIONS):
        raise NoSuchEMaterial
    return view(row)


def is_intact(row: EMaterial) -> bool:
    """Whether every file is still the one that was accepted: there, under the same digest."""
    named = {one["file"]: one["sha256"] for one in row.files}
    now = dict(File.objects.filter(public_id__in=named).values_list("public_id", "content_id"))
    return bool(named) and now == named and all(files.read(sha256) is not None for sha256 in named.values())


def stands(public_id: str, *, on: dt.date) -> bool:
    """Whether the e-material stands: not withdrawn, intact, and in time on the day it was used."""
    row = EMaterial.objects.filter(public_id=public_id).first()
    return row is not None and view(row).usable_on(on) and is_intact(row)
