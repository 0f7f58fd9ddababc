# SPDX-License-Identifier: Apache-2.0
"""A leader of the provider consents in writing that data go on to a third party (政务数据安全管理暂行
办法第二十条): online, or with the signed and sealed document."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.apps.materials import public as materials
from yiwang.apps.notices.public import notify
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed
from yiwang.kernel.ids import new_public_id

from ..domain.asking import State
from ..domain.consenting import Form
from ..models import Consent, DataRequest
from ..requests_consents import consented
from ..requests_parts import NoSuchRequest, data_officers, leads

_ACCEPTS = ("pdf", "ofd", "jpg", "png")
_MEGABYTES = 10
_SHORTEST = 5


@transaction.atomic
def consent(actor: Actor, request: str, *, words: str, name: str = "", content: bytes = b"") -> str:
    """Consent to what a request says about its third party; returns the consent's public id.

    Args:
        words: to what, on which condition. name, content: the signed document; none: consent online.

    Raises:
        NoSuchRequest: not a leader of the provider. NotAllowed: they asked for it themselves.
        Conflict: no third party in it, or it awaits no review. Invalid: no words.
        FileRefused: the document is not one that can be kept.
    """
    row = DataRequest.objects.select_for_update().filter(public_id=request).first()
    if row is None or row.provider not in leads(actor):
        raise NoSuchRequest
    if actor.id in row.askers:
        raise NotAllowed("自己提出的申请，不能由自己同意。", mend="请由部门另一位负责人书面同意。")
    if not row.third_party or row.state != State.ASKED.value:
        raise Conflict("这份申请不需要书面同意。", mend="请刷新页面，看最新情况。")
    if not _SHORTEST <= len(words.strip()) <= 500:
        raise Invalid("请写明同意的内容和条件。", mend="5到500个字，如：仅用于核算补贴。", field="words")
    made = Consent(
        public_id=new_public_id("dc"),
        request=row,
        third_party=row.third_party,
        form=(Form.SIGNED if content else Form.ELECTRONIC).value,
        words=words.strip(),
        digest=consented(row),
        given_at=timezone.now(),
        given_by=actor.id,
        given_by_name=actor.name[:80],
    )
    if content:
        _attach(actor, made, name, content)
    made.save()
    record(
        actor,
        "data_request.third_party_consented",
        stream=f"data-request:{row.public_id}",
        about=made.public_id,
        purpose=row.purpose,
        basis="政务数据安全管理暂行办法第二十条",
        detail={"request": row.public_id, "form": made.form, "digest": made.digest},
    )
    for officer in data_officers(row.provider):
        notify(officer, "第三方使用已有书面同意", "可以审核这份数据使用申请了。", about=row.public_id)
    return made.public_id


def _attach(actor: Actor, made: Consent, name: str, content: bytes) -> None:
    stored = materials.store_file(
        actor, owner=actor.id, name=name, content=content, accepts=_ACCEPTS, max_megabytes=_MEGABYTES
    )
    materials.keep(actor, [stored.public_id])
    made.file, made.file_name, made.file_sha256 = stored.public_id, stored.name[:200], stored.sha256
