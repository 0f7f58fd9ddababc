# SPDX-License-Identifier: Apache-2.0
"""End a grant. There is no command that makes one wider: whoever needs more asks anew."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..models import Grant
from ..parts import data_orgs, is_bureau
from ..requests_parts import NoSuchGrant, data_officers
from .needs_following import follow_grants

_SHORTEST = 5


@transaction.atomic
def revoke(actor: Actor, grant: str, why: str) -> None:
    """End a grant at once, with the reason: the provider's data officer, or the data bureau.

    Raises NoSuchGrant; Invalid: no reason; Conflict: ended already.
    """
    row = Grant.objects.select_for_update().filter(public_id=grant).first()
    if row is None or not (is_bureau(actor) or row.provider in data_orgs(actor)):
        raise NoSuchGrant
    if row.revoked_at is not None:
        raise Conflict("这份授权已经收回。", mend="请刷新页面查看。")
    words = why.strip()
    if not _SHORTEST <= len(words) <= 500:
        raise Invalid("收回授权要写明原因。", mend="5到500个字，使用部门会看到。", field="why")
    row.revoked_at, row.revoked_by, row.revoked_why = timezone.now(), actor.id, words
    row.save(update_fields=["revoked_at", "revoked_by", "revoked_why"])
    record(
        actor,
        "data_grant.revoked",
        stream=f"data-grant:{row.public_id}",
        about=row.public_id,
        purpose=row.purpose,
        basis=row.basis,
        detail={"resource": row.resource, "org": row.org, "provider": row.provider},
    )
    follow_grants(org=row.org, resource=row.resource)
    for officer in {row.request.asked_by, *data_officers(row.org)}:
        notify(officer, "一份数据授权已经收回", f"原因：{words}", about=row.public_id)
