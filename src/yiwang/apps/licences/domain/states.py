# SPDX-License-Identifier: Apache-2.0
"""How a licence stands, and which changes are legal."""

from __future__ import annotations

import datetime as dt

from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


class Standing(Termed):
    """The standing of a licence. Expiry is not kept: it follows from the date."""

    VALID = "valid", "有效"
    SUSPENDED = "suspended", "暂停"
    REVOKED = "revoked", "撤销"
    REPLACED = "replaced", "已换发"

    @property
    def is_final(self) -> bool:
        """Whether nothing follows it."""
        return not _LEGAL[self]


_LEGAL = {
    Standing.VALID: {Standing.SUSPENDED, Standing.REVOKED, Standing.REPLACED},
    Standing.SUSPENDED: {Standing.VALID, Standing.REVOKED},
    Standing.REVOKED: set[Standing](),
    Standing.REPLACED: set[Standing](),
}


def is_legal(now: Standing, to: Standing) -> bool:
    """Whether the law knows this change."""
    return to in _LEGAL[now]


def change(now: Standing, to: Standing) -> Standing:
    """The new standing. Raises Conflict for a change the law does not know."""
    if not is_legal(now, to):
        raise Conflict(f"证照现在是“{now.term}”，不能改为“{to.term}”。", mend="请核对证照状态。")
    return to


def usable(standing: Standing, valid_from: dt.date, valid_until: dt.date | None, on: dt.date) -> bool:
    """Whether the licence proves anything on `on`: in good standing and between its dates."""
    return standing is Standing.VALID and valid_from <= on and (valid_until is None or on <= valid_until)


def word(standing: Standing, valid_from: dt.date, valid_until: dt.date | None, on: dt.date) -> str:
    """How the licence stands on `on`, in one Chinese word: expiry is computed here, by no job."""
    if standing is not Standing.VALID:
        return standing.term
    if on < valid_from:
        return "尚未生效"
    return "已过期" if valid_until is not None and valid_until < on else standing.term
