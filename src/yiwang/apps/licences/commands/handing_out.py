# SPDX-License-Identifier: Apache-2.0
"""Hand out a sealed file: to its holder, to the department that issued it; each time is logged."""

from __future__ import annotations

from django.db import transaction

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Invalid, NotFound

from ..awaiting import SEES
from ..domain.check_codes import read_check_code
from ..files import file_of
from ..looks import basis_in_force
from ..models import Form
from ..queries import LicenceView, licence, numbered, with_check_code


def licence_for(actor: Actor, public_id: str) -> LicenceView:
    """A licence for its holder, the department that issued it, or the system.

    Raises NotFound, in the same words for one the actor may not know of.
    """
    found = licence(public_id)
    if not may_know(actor, found):
        raise NotFound("没有这个证照。", mend="请核对编号。")
    return found


def may_know(actor: Actor, one: LicenceView) -> bool:
    """Whether the actor holds the licence, or works where it was issued, or is the system."""
    here = actor.kind is ActorKind.OFFICER and actor.has(*SEES, org=one.issuer, place=one.place or None)
    return here or actor.is_subject(one.holder, Matter.APPLICATIONS) or actor.kind is ActorKind.SYSTEM


@transaction.atomic
def hand_out(actor: Actor, public_id: str, form: str, *, purpose: str = "") -> tuple[str, bytes]:
    """A sealed file and the name to save it under; the holder can see that it was handed out.

    Args:
        purpose: what for; the holder's own download needs none.

    Raises NotFound (also while it is not sealed), Unavailable when the content is gone.
    """
    found = licence_for(actor, public_id)
    content = file_of(public_id, form)
    label = Form(form).label
    record(
        actor,
        "licence.look",
        stream=f"licence:{public_id}",
        about=public_id,
        subject=found.holder,
        purpose=purpose or f"下载证照文件（{label}）",
        basis=basis_in_force(),
        detail={"form": form},
    )
    return f"{found.number}.{form}", content


@transaction.atomic
def look_at(actor: Actor, public_id: str, *, purpose: str) -> LicenceView:
    """A licence with all it states, for an officer of the department that issued it; logged.

    Raises NotFound.
    """
    found = licence_for(actor, public_id)
    if not actor.is_subject(found.holder, Matter.APPLICATIONS):
        record(
            actor,
            "licence.look",
            stream=f"licence:{public_id}",
            about=public_id,
            subject=found.holder,
            purpose=purpose,
            basis=basis_in_force(),
        )
    return found


def found_for(actor: Actor, typed: str) -> list[LicenceView]:
    """The licences with this number or check code that the actor may know of."""
    found = numbered(typed)
    if not found:
        try:
            found = [licence(one) for one in with_check_code(read_check_code(typed))]
        except Invalid:
            return []
    return [one for one in found if may_know(actor, one)]
