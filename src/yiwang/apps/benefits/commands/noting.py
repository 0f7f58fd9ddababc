# SPDX-License-Identifier: Apache-2.0
"""What is written into the journal about a claim."""

from __future__ import annotations

from typing import Any

from yiwang.apps.journal.public import record
from yiwang.kernel.actor import Actor

from ..models import Claim


def note(actor: Actor, what: str, claim: Claim, **detail: Any) -> None:
    """One entry in the journal about a claim."""
    record(
        actor,
        f"benefit.{what}",
        stream=f"claim:{claim.public_id}",
        about=claim.public_id,
        subject=claim.subject,
        detail={"policy": claim.policy, "period": claim.period, "fen": claim.fen, **detail},
    )
