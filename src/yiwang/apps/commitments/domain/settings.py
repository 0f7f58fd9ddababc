# SPDX-License-Identifier: Apache-2.0
"""Names of the settings of this room, and how their limits are read."""

from __future__ import annotations

from decimal import Decimal

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.errors import Unavailable
from yiwang.kernel.workdays import Limit, Unit

WAY, CIVIL, ADMINISTRATIVE, CRIMINAL, CHECKING = NOTICE = (
    "commitment-way",
    "commitment-liability-civil",
    "commitment-liability-administrative",
    "commitment-liability-criminal",
    "commitment-checking-power",
)
LETTER = "commitment-letter"
ASSISTANCE = "commitment-assistance-days"
MENDING = "commitment-mending-days"


def words_of(catalogue: Catalogue, name: str) -> str:
    """The words of a setting. Raises Unavailable when the release does not hold it."""
    found = catalogue.settings.get(name)
    if found is None:
        mend = "请目录管理员在 definitions/…/settings/ 中补上并发布。"
        raise Unavailable(f"目录版本里没有“{name}”这项设定。", mend=mend)
    return str(found.value)


def limit_of(catalogue: Catalogue, name: str) -> Limit:
    """A setting that is a number of working days. Raises Unavailable when the release does not hold it."""
    return Limit(Decimal(words_of(catalogue, name)), Unit.WORKING)
