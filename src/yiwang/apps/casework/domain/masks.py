# SPDX-License-Identifier: Apache-2.0
"""Who sees a sensitive value whole, and what the others see instead (最小必要)."""

from __future__ import annotations

from typing import Any

from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.kernel.ids import mask_id_number, mask_phone

HIDDEN = "（不显示）"


def sees_whole(*, has_part: bool, is_open: bool) -> bool:
    """Whoever handles an open case needs what its item asks for; afterwards, and for those who only
    supervise, the purpose does not need the whole."""
    return has_part and is_open


def masked(element: Element, raw: Any) -> str:
    """A sensitive value fit to be shown to somebody who does not need it."""
    if raw in (None, "", []):
        return ""
    if element.type is ElementType.ID_NUMBER:
        return mask_id_number(str(raw))
    if element.type is ElementType.PHONE:
        return mask_phone(str(raw))
    return HIDDEN
