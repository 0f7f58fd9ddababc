# SPDX-License-Identifier: Apache-2.0
"""容缺: promise a document for later, where the item's list allows it."""

from __future__ import annotations

from django.db import transaction

from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid

from ..models import Document
from .drafts import _draft


@transaction.atomic
def promise_later(actor: Actor, application_id: str, material_id: str) -> None:
    """The applicant promises to supply a document later. Raises Invalid when no item allows it."""
    context = _draft(actor, application_id)
    uses = [
        use
        for member in context.release.catalogue.life_events[context.application.life_event].items
        for use in context.release.catalogue.items[member.item].materials
        if use.material == material_id
    ]
    if not uses or not all(use.deferrable for use in uses):
        raise Invalid("这项材料不能容缺。", mend="请上传材料后再提交。", field=material_id)
    Document.objects.update_or_create(
        application=context.application,
        material=material_id,
        defaults={"resolution": "deferrable", "deferred": True, "updated_at": context.now},
    )
    context.note("document.promised", detail={"material": material_id})
