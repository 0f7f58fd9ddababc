# SPDX-License-Identifier: Apache-2.0
"""A commitment is found untrue before the decision: back to the ordinary way (驻政办〔2021〕8号 L775)."""

from __future__ import annotations

from django.db import transaction

from yiwang.apps.commitments import public as commitments
from yiwang.engines.planning import Supply
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.promises import uses_of
from ._context import lock_case


@transaction.atomic
def find_commitment_untrue(
    actor: Actor, case_id: str, material_id: str, what: commitments.Untruth, *, version: int | None = None
) -> str:
    """An approver finds a commitment untrue while the item is handled: nothing is granted on it any more, the
    document itself is asked for, or the item is refused; credit records it once. The record's public id.

    Raises NoSuchCase, NotAllowed, Invalid (no commitment, no words), Conflict (decided already; stale page).
    """
    context, case = lock_case(actor, case_id, version=version)
    catalogue = context.release.catalogue
    row = context.application.documents.filter(material=material_id).exclude(letter="").first()
    used = uses_of(catalogue, [case.item], material_id)
    if row is None or not used or row.resolution != Supply.COMMITMENT.value:
        raise Invalid("本事项没有凭这份承诺办理。", mend="请刷新页面。", field="material")
    if not case.open or hasattr(case, "decision"):
        raise Conflict("本事项已经作出决定。", mend="准予的，请在“告知承诺核查”里下结论。")
    handled = commitments.Handled(case.item, case.org, case.place)
    record = commitments.untrue_before_grant(actor, row.letter, what, handled)
    row.resolution, row.updated_at = Supply.APPLICANT.value, context.now
    row.save(update_fields=["resolution", "updated_at"])
    context.tell_applicant(
        "承诺查实不实",
        f"“{catalogue.materials[material_id].name}”：{what.words.strip()}。不再凭承诺办理，请补交材料；"
        "不补交的，不予许可。已计入信用记录，信用修复以前不再适用告知承诺；有异议的，可以在“我的信用”里提出。",
    )
    return record
