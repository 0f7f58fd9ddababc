# SPDX-License-Identifier: Apache-2.0
"""How a licence stands, and which changes are legal."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from yiwang.kernel.errors import Conflict


class Standing(StrEnum):
    """The standing of a licence. Expiry is not kept: it follows from the date."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"

    @property
    def term(self) -> str:
        """The Chinese word."""
        return {"valid": "有效", "suspended": "暂停", "revoked": "撤销", "replaced": "已换发"}[self.value]


_LEGAL = {
    Standing.VALID: {Standing.SUSPENDED, Standing.REVOKED, Standing.REPLACED},
    Standing.SUSPENDED: {Standing.VALID, Standing.REVOKED},
    Standing.REVOKED: set(),
    Standing.REPLACED: set(),
}


def change(now: Standing, to: Standing) -> Standing:
    """The new standing. Raises Conflict for a change the law does not know."""
    if to not in _LEGAL[now]:
        raise Conflict(f"证照现在是“{now.term}”，不能改为“{to.term}”。", mend="请核对证照状态。")
    return to


def usable(standing: Standing, valid_from: dt.date, valid_until: dt.date | None, on: dt.date) -> bool:
    """Whether the licence proves anything on `on`: in good standing and between its dates."""
    return standing is Standing.VALID and valid_from <= on and (valid_until is None or on <= valid_until)
