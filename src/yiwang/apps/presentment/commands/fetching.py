# SPDX-License-Identifier: Apache-2.0
"""A clerk takes the sealed file of a licence they were authorised to use (调取), for the case's papers."""

from __future__ import annotations

from django.db import transaction

from yiwang.apps.journal.public import record
from yiwang.apps.licences.public import file_of, licence
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound

from ..queries import UseView, use
from ._refusing import stream_of


@transaction.atomic
def fetch_file(actor: Actor, use_id: str, licence_id: str, form: str) -> tuple[str, bytes]:
    """The sealed file of one licence of a use, and the name to save it under; journalled.

    A file tells everything, so it is given only where the purpose shows everything, never after a
    scan, and only while the page of the use may be read and the licence stands.

    Raises NotFound: no such use, licence or form, the purpose does not go so far, or it is not sealed.
    Unavailable: the content is gone.
    """
    seen = use(actor, use_id)
    if licence_id not in fetchable(seen):
        raise NotFound("这次用证不能调取这个文件。", mend="请在授权调用的页面上选择有效的证照。")
    found = licence(licence_id)
    content = file_of(licence_id, form)
    record(
        actor,
        "authorisation.file.look",
        stream=stream_of(found.holder),
        about=licence_id,
        subject=found.holder,
        purpose=seen.purpose.name,
        basis=seen.purpose.basis,
        detail={"form": form, "use": use_id},
    )
    return f"{found.number}.{form}", content


def fetchable(seen: UseView) -> list[str]:
    """The licences of a use whose files may be taken, by public id."""
    if seen.by_scan or not seen.purpose.all_fields:
        return []
    return [one.licence for one in seen.seen if one.usable]
