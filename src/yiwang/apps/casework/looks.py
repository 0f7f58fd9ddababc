# SPDX-License-Identifier: Apache-2.0
"""An officer who opens a case looks at personal data: every look is logged, with purpose and basis."""

from __future__ import annotations

from yiwang.apps.journal.public import record
from yiwang.engines.process.kinds import Role as Part
from yiwang.kernel.actor import Actor, ActorKind

from .domain.roles import parts_of
from .models import Application, ItemCase
from .queries import scope_of

_HANDLING = ("办理本办件", "行政许可法第三十四条（审查申请材料）")
_RECEIVING = ("窗口收件、送达本办件", "行政许可法第二十九条、第三十二条（提出和受理申请）")
_SUPERVISING = ("监督检查本办件的办理", "行政许可法第六十条（上级对下级实施行政许可的监督检查）")


def log_look(actor: Actor, found: Application, case: ItemCase | None = None) -> None:
    """Write one entry for an officer's look; nothing for the applicant's own. Needs a transaction.

    Args:
        case: the item case that was opened, if it was one.
    """
    if actor.kind is not ActorKind.OFFICER:
        return
    purpose, basis = _why(actor, found, case)
    record(
        actor,
        "case.look",
        stream=f"looks:{found.public_id}",
        about=case.public_id if case else found.public_id,
        subject=found.subject,
        purpose=purpose,
        basis=basis,
    )


def _why(actor: Actor, found: Application, case: ItemCase | None) -> tuple[str, str]:
    cases = [case] if case else list(found.items.all())
    parts = {part for one in cases for part in parts_of(actor, scope_of(found, one))}
    parts |= parts_of(actor, scope_of(found))
    if parts & {Part.HANDLER, Part.APPROVER}:
        return _HANDLING
    return _RECEIVING if Part.RECEIVER in parts else _SUPERVISING
