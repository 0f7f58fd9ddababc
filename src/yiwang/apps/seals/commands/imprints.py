# SPDX-License-Identifier: Apache-2.0
"""Imprints filed with the public security organ: what the picture of a seal is compared with (第九条)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from ..domain.pictures import check_picture
from ..models import Imprint, Seal


@dataclass(frozen=True)
class FiledImprint:
    """An imprint as the public security organ filed it. Sizes in mm."""

    number: str
    unit_name: str
    picture: bytes
    width_mm: int
    height_mm: int


@transaction.atomic
def record_imprint(actor: Actor, filed: FiledImprint) -> str:
    """Take over a filed imprint; returns the SM3 of its picture.

    Raises NotAllowed, Invalid for a picture that is none, Conflict when another one has the number.
    """
    if actor.kind is not ActorKind.SYSTEM and not (actor.kind is ActorKind.OFFICER and actor.has(Role.SEALS)):
        raise NotAllowed("只有印章管理员可以录入备案印模。", mend="请由政务服务和大数据管理局办理。")
    number = filed.number.strip()
    if not number or not filed.unit_name.strip():
        raise Invalid("请填写备案编号和单位名称。", mend="照公安机关的备案回执填。", field="number")
    check_picture(filed.picture, filed.width_mm, filed.height_mm)
    digest = sm3(filed.picture).hex()
    earlier = Imprint.objects.filter(number=number).first()
    if earlier is not None and earlier.digest == digest:
        return digest
    try:
        with transaction.atomic():
            Imprint.objects.create(
                number=number,
                unit_name=filed.unit_name.strip(),
                picture=filed.picture,
                digest=digest,
                width_mm=filed.width_mm,
                height_mm=filed.height_mm,
                recorded_by=actor.id,
                recorded_at=timezone.now(),
            )
    except IntegrityError:
        raise Conflict(
            f"备案编号 {number} 已有另一个印模。", mend="请核对编号；印模变了就是另一次备案。"
        ) from None
    record(actor, "seal.imprint.recorded", stream="seals", about=number, detail={"digest": digest})
    return digest


def require_match(seal: Seal) -> None:
    """The seal's picture equals the filed imprint in size and, byte for byte, in looks (第九条), and is
    of the same unit. Raises Conflict when it does not, or nothing is filed under this number."""
    filed = Imprint.objects.filter(number=seal.imprint_number).first()
    if filed is None:
        raise Conflict(
            f"没有备案编号为 {seal.imprint_number} 的印模。",
            mend="先刻制实物印章并在公安机关备案；已备案的，请印章管理员录入备案印模。",
        )
    wrong = [
        words
        for words, differs in (
            ("单位名称", filed.unit_name != seal.unit_name),
            ("规格", (filed.width_mm, filed.height_mm) != (seal.width_mm, seal.height_mm)),
            ("图样", filed.digest != seal.picture_digest),
        )
        if differs
    ]
    if wrong:
        raise Conflict(
            f"和公安机关备案的印模不一致：{'、'.join(wrong)}。", mend="请使用备案回执中的印模图像和规格。"
        )
