# SPDX-License-Identifier: Apache-2.0
"""Evidence to objections and repairs: uploads, checked through by the room of materials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yiwang.apps.materials import public as materials
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotAllowed

MOST_FILES, MOST_MEGABYTES = 10, 10
ACCEPTS = ("pdf", "jpg", "png", "ofd")


def store_evidence(actor: Actor, *, subject: str, name: str, content: Any) -> str:
    """Check a file through and store it for somebody's matter; its public id.

    Raises NotAllowed: not the actor's own matter; FileRefused.
    """
    if not actor.is_subject(subject):
        raise NotAllowed("只能为自己或自己代表的单位上传。", mend="请换用本人或授权经办人的账号登录。")
    found = materials.store_file(
        actor, owner=subject, name=name, content=content, accepts=ACCEPTS, max_megabytes=MOST_MEGABYTES
    )
    return found.public_id


def taken(actor: Actor, subject: str, files: Sequence[str]) -> list[str]:
    """The files of a matter, kept from now on. Raises Invalid: too many, or not the subject's own."""
    if len(files) > MOST_FILES:
        raise Invalid(f"最多{MOST_FILES}份证据。", mend="请合并后上传。", field="files")
    for one in files:
        if materials.owner_of(one) != subject:
            raise Invalid("证据文件不是这次上传的。", mend="请重新上传。", field="files")
    materials.keep(actor, files)
    return list(files)
