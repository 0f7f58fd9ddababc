# SPDX-License-Identifier: Apache-2.0
"""Where an application may be handed in (通办范围)."""

from __future__ import annotations

from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.items import Scope
from yiwang.kernel.errors import Invalid


def require_reach(item: Item, receiving: str, handling: str) -> None:
    """Raise Invalid when the item may be handed in only where it is handled and the places differ."""
    if not within_reach(item, receiving, handling):
        raise Invalid(
            f"“{item.name}”只能在办理地申请。", mend="请到办理地的政务服务中心，或在网上直接选择办理地。"
        )


def within_reach(item: Item, receiving: str, handling: str) -> bool:
    """Whether the item may be handed in at `receiving` when `handling` handles it."""
    return receiving == handling or item.scope is not Scope.COUNTY
