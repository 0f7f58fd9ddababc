# SPDX-License-Identifier: Apache-2.0
"""What the law and the city's settings say about one clock, picked for one day.

Built from definitions by `build.ClockBook`; no figure lives here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from yiwang.engines.process.kinds import SpecialStep
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.workdays import Limit

__all__ = ["ClockRules", "ExtensionRule"]


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How often and by how many days at most a limit may be extended, and by whose approval."""

    times: int
    at_most: Decimal
    approver: str
    basis: str  # for people: 《…》第…条


@dataclass(frozen=True)
class ClockRules:
    """The rules of one clock. `item_stops` are steps that an item's own law lets stop it.

    `extension` None means the limit cannot be extended. `yellow` and `red` are days left, in the
    unit of the limit; None means no warning.
    """

    limit: Limit | None = None
    extension: ExtensionRule | None = None
    yellow: Decimal | None = None
    red: Decimal | None = None
    steps: Mapping[str, SpecialStep] = field(default_factory=dict)
    item_stops: frozenset[str] = frozenset()

    def require_stop(self, step: str) -> str:
        """The term of `step` if it stops the clock. Raises Invalid when it does not."""
        known = self.steps.get(step)
        if known is None:
            raise Invalid(
                f"没有名为“{step}”的特殊环节。",
                mend=f"请从清单中选择：{'、'.join(one.term for one in self.steps.values())}。",
            )
        if known.stops_clock or step in self.item_stops:
            return known.term
        stopping = "、".join(one.term for one in self.steps.values() if one.stops_clock)
        raise Invalid(
            f"“{known.term}”的时间计入办理期限，不能中止计时。",
            mend=f"依法不计入期限的环节是：{stopping}；其他环节要有该事项自己的法律依据。",
        )

    def for_item(self, *, stops: Iterable[str] = (), extension: ExtensionRule | None = None) -> ClockRules:
        """These rules with what an item's own law adds. Raises NotFound for an unknown step."""
        extra = frozenset(stops)
        unknown = sorted(extra - set(self.steps))
        if unknown:
            raise NotFound(f"没有名为“{unknown[0]}”的特殊环节。", mend="请核对事项的特殊环节。")
        return replace(
            self,
            item_stops=self.item_stops | extra,
            extension=extension if extension is not None else self.extension,
        )
