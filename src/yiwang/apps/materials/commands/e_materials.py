# SPDX-License-Identifier: Apache-2.0
"""Keep what a decided case accepted or issued; use it again; let its holder say no."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.reusing import reuse_rule
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.reuse import Origin, is_kept, usable_until
from ..e_materials import NoSuchEMaterial, is_intact, view
from ..models import EMaterial, EMaterialUse, File, Withdrawal


@dataclass(frozen=True)
class Accepted:
    """A document that a decided case accepted, or a result it issued (then `result` names it).

    Attributes:
        about: public id of the person or firm the document is about.
        files: public ids of the files, in order.
        org: the department that decided.
    """

    material: str
    about: str
    application: str
    item: str
    org: str
    files: Sequence[str] = ()
    result: str = ""


@transaction.atomic
def keep_accepted(
    actor: Actor, accepted: Sequence[Accepted], catalogue: Catalogue, *, at: dt.datetime
) -> list[str]:
    """Keep these documents as e-materials; returns the public ids of those that are new.

    The same document of the same application is kept once, however often it is accepted. Licences
    and forms are left out (see `domain.reuse.is_kept`).

    Raises NotAllowed: neither an officer nor the system decides cases.
    """
    if actor.kind not in (ActorKind.OFFICER, ActorKind.SYSTEM):
        raise NotAllowed("只有办结的申请才产生电子材料。", mend="请由审批人办理。")
    day = timezone.localdate(at)
    rows = [row for one in accepted if (row := _row(one, catalogue, at, day)) is not None]
    EMaterial.objects.bulk_create(rows, ignore_conflicts=True)
    new = EMaterial.objects.filter(public_id__in=[row.public_id for row in rows]).order_by("id")
    for row in new:
        _note(actor, "e_material.kept", row, stream=f"case:{row.application}")
    return [row.public_id for row in new]


def _row(one: Accepted, catalogue: Catalogue, at: dt.datetime, day: dt.date) -> EMaterial | None:
    material = catalogue.materials.get(one.material)
    if material is None or not (one.result or (one.files and is_kept(material))):
        return None
    digests = dict(File.objects.filter(public_id__in=one.files).values_list("public_id", "content_id"))
    kept = [{"file": file, "sha256": digests[file]} for file in one.files if file in digests]
    if len(kept) != len(one.files):
        return None  # a file is gone: there is nothing whole to keep
    rule = None if one.result else reuse_rule(catalogue, one.material, day)
    origin = Origin.RESULT if one.result else Origin.APPLICATION
    named = one.result or json.dumps([each["sha256"] for each in kept])
    return EMaterial(
        public_id=new_public_id("em"),
        material=one.material,
        name=material.name,
        about=one.about,
        origin=origin.value,
        files=kept,
        result=one.result,
        digest=hashlib.sha256(named.encode()).hexdigest(),
        application=one.application,
        item=one.item,
        org=one.org,
        accepted_at=at,
        valid_until=usable_until(rule, day) if rule else None,
    )


@transaction.atomic
def use_e_material(
    actor: Actor, public_id: str, *, application: str, purpose: str, basis: str, at: dt.datetime
) -> None:
    """Note that an e-material stands for a document of an application from now on.

    The row is locked: whoever withdraws it at the same time is either before this, and it is not
    used, or after it, and sees the use.

    Raises:
        NoSuchEMaterial: there is none. Conflict: it does not stand any more.
        Invalid: without purpose or basis nothing is used.
    """
    row = EMaterial.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NoSuchEMaterial
    if not purpose.strip() or not basis.strip():
        raise Invalid("使用电子材料要写明用途和依据。", mend="请补充后再用。")
    if not view(row).usable_on(timezone.localdate(at)) or not is_intact(row):
        raise Conflict(f"“{row.name}”刚刚不能再用了。", mend="请刷新页面，重新提交这份材料。")
    EMaterialUse.objects.get_or_create(
        e_material=row,
        application=application,
        defaults={"purpose": purpose[:200], "basis": basis[:200], "at": at, "by": actor.id},
    )
    _note(actor, "e_material.used", row, stream=f"case:{application}", purpose=purpose, basis=basis)


@transaction.atomic
def withdraw_e_material(actor: Actor, public_id: str, *, why: str) -> None:
    """The holder does not let an e-material be used any more, or says it is out of date. What it
    already stands in is not changed; saying it twice changes nothing.

    Args:
        why: `permission` or `outdated`.

    Raises NoSuchEMaterial, also for everybody else; Invalid for another reason.
    """
    row = EMaterial.objects.select_for_update().filter(public_id=public_id).first()
    if row is None or not actor.is_subject(row.about, Matter.APPLICATIONS):
        raise NoSuchEMaterial
    if why not in Withdrawal.values:
        raise Invalid("请选择原因。", mend="可以选“不再同意复用”或“内容已经过时”。", field="why")
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = timezone.now(), actor.id, why
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _note(actor, "e_material.withdrawn", row, stream=f"e_material:{public_id}")


def _note(
    actor: Actor, action: str, row: EMaterial, *, stream: str, purpose: str = "", basis: str = ""
) -> None:
    record(
        actor,
        action,
        stream=stream,
        about=row.public_id,
        subject=row.about,
        purpose=purpose[:200],
        basis=basis[:200],
        detail={"material": row.material},
    )
