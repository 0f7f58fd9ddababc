# SPDX-License-Identifier: Apache-2.0
"""Why there is no plan: refused, cut through what the law binds, or waiting in a circle."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.engines.definitions.kinds import Citation
from yiwang.kernel.errors import Conflict, Invalid


@dataclass(frozen=True)
class Refusal:
    """Why somebody cannot take this way, by which clause, and what to do instead."""

    reason: str
    cite: Citation
    because: str


class NotEligible(Invalid):
    """A condition of the whole life event is not met; `refusals` says which, and the way out."""

    def __init__(self, life_event: str, refusals: tuple[Refusal, ...]) -> None:
        self.life_event = life_event
        self.refusals = refusals
        super().__init__(
            f"“{life_event}”现在不能办理。", mend="".join(refusal.reason for refusal in refusals)
        )


class BoundItems(Invalid):
    """Part of what the law binds together was chosen."""

    def __init__(self, message: str, *, cite: Citation, missing: tuple[str, ...], mend: str) -> None:
        self.cite = cite
        self.missing = missing
        super().__init__(message, mend=mend, field="choice")


class CycleFound(Conflict):
    """Items that wait for each other: a fault in the definitions, named with all its members."""

    def __init__(self, message: str, *, members: tuple[tuple[str, ...], ...], mend: str) -> None:
        self.members = members
        super().__init__(message, mend=mend)
