# SPDX-License-Identifier: Apache-2.0
"""Applying for a seal: what must be there, whose it is, the filed imprint (第四条至第九条)."""

from __future__ import annotations

import pytest

from yiwang.apps.seals import public as seals
from yiwang.apps.seals.models import Paper, Seal
from yiwang.apps.seals.public import PaperKind, SealKind
from yiwang.engines import sealing
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from .stage import UNIT, Stage, application, bring_into_force, papers, png, record_imprint

pytestmark = [pytest.mark.storage, pytest.mark.django_db]


def apply(stage: Stage, **changed: object) -> str:
    return seals.apply_for_seal(stage.handler, application(stage, **changed))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"papers": papers(PaperKind.UNIT)}, "papers"),
        ({"papers": papers(PaperKind.HANDLER)}, "papers"),
        ({"kind": SealKind.NAME, "holder_name": "王一", "holder_post": "法定代表人"}, "papers"),
        ({"kind": SealKind.NAME, "papers": papers(*PaperKind)}, "holder_name"),
        ({"kind": SealKind.POST, "holder_name": "王一", "holder_post": "司机"}, "holder_name"),
        ({"kind": SealKind.SIGNATURE}, "kind"),
        ({"name": "别的单位行政审批专用章"}, "name"),
        ({"name": " "}, "name"),
        ({"unit_name": ""}, "unit_name"),
        ({"imprint_number": ""}, "imprint_number"),
        ({"picture": b"GIF89a"}, "picture"),
        ({"picture": png()[:-20]}, "picture"),
        ({"picture": png() + b"\0" * 3_000_000}, "picture"),
        ({"width_mm": 0}, "width_mm"),
        ({"custodian": "o_nobody"}, "custodian"),
    ],
)
def test_an_application_that_lacks_something_is_not_taken(
    stage: Stage, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as told:
        apply(stage, **changed)
    assert told.value.field == field
    assert told.value.mend
    assert not Seal.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"imprint_number": "YX-9"}, "没有备案编号"),
        ({"picture": png(201)}, "图样"),
        ({"width_mm": 40}, "规格"),
        ({"unit_name": f"{UNIT}分会", "name": f"{UNIT}分会章"}, "单位名称"),
    ],
)
def test_the_picture_is_the_one_filed_with_the_police(
    stage: Stage, changed: dict[str, object], words: str
) -> None:
    """第八条、第九条：先有实物印章和备案印模，电子印章和它一致."""
    with pytest.raises(Conflict, match=words):
        apply(stage, **changed)


def test_a_name_seal_shows_three_identities_and_only_the_chiefs_needs_an_imprint(stage: Stage) -> None:
    proofs = papers(PaperKind.HOLDER, PaperKind.UNIT, PaperKind.HANDLER)
    given = {
        "kind": SealKind.NAME,
        "name": "王一印",
        "holder_name": "王一",
        "papers": proofs,
        "picture": png(9),
    }
    with pytest.raises(Invalid) as told:
        apply(stage, **given, holder_post="法定代表人", imprint_number="")
    assert told.value.field == "imprint_number"
    made = apply(stage, **given, holder_post="财务负责人", imprint_number="")
    bring_into_force(stage, made)
    parsed = sealing.parse_seal(bytes(Seal.objects.get(public_id=made).der))
    assert parsed.kind == sealing.SealKind.PERSON
    assert Paper.objects.filter(seal__public_id=made).count() == 3


def test_only_the_unit_applies(stage: Stage) -> None:
    for actor in (stage.elsewhere, stage.other_department, stage.administrator, stage.auditor):
        with pytest.raises(NotAllowed):
            seals.apply_for_seal(actor, application(stage))


def test_an_imprint_filed_under_one_number_stays(stage: Stage) -> None:
    record_imprint()
    with pytest.raises(Conflict, match="另一个印模"):
        record_imprint(picture=png(7))
    with pytest.raises(NotAllowed):
        seals.record_imprint(stage.handler, seals.FiledImprint("YX-5", UNIT, png(), 42, 42))
