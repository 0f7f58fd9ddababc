# SPDX-License-Identifier: Apache-2.0
"""The figures of calls: settings of the definitions, each with its reason."""

from __future__ import annotations

from yiwang.engines.definitions import Catalogue
from yiwang.kernel.errors import Unavailable

ROWS = "gateway-rows"
KEPT_ANSWERS = "gateway-kept-answers"
SKEW_SECONDS = "gateway-skew-seconds"
BODY_BYTES = "gateway-body-bytes"
KEY_DAYS = "gateway-key-days"
OVERLAP_DAYS = "gateway-key-overlap-days"


def number(catalogue: Catalogue, name: str) -> int:
    """The whole number of a setting. Raises Unavailable when the release does not hold it."""
    found = catalogue.settings.get(name)
    if found is None or isinstance(found.value, str | bool):
        raise Unavailable(
            f"目录版本里没有“{name}”这项设定。", mend="请目录管理员在 definitions/…/settings/ 中补上并发布。"
        )
    return int(found.value)
