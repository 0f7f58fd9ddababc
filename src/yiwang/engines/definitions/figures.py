# SPDX-License-Identifier: Apache-2.0
"""Read a setting of the definitions (本市设定): figures and words, each with its reason."""

from __future__ import annotations

from yiwang.kernel.errors import Unavailable

from .catalogue import Catalogue
from .kinds import Setting

_MEND = "请目录管理员在 definitions/…/settings/ 中补上并发布。"


def setting(catalogue: Catalogue, name: str) -> Setting:
    """A setting by its id. Raises Unavailable when the release does not hold it."""
    found = catalogue.settings.get(name)
    if found is None:
        raise Unavailable(f"目录版本里没有“{name}”这项设定。", mend=_MEND)
    return found


def whole(catalogue: Catalogue, name: str) -> int:
    """A setting that is a whole number. Raises Unavailable when it is missing or something else."""
    value = setting(catalogue, name).value
    if isinstance(value, bool | str) or value != int(value):
        raise Unavailable(f"设定“{name}”要写成整数。", mend="请目录管理员改正后发布。")
    return int(value)


def words(catalogue: Catalogue, name: str) -> str:
    """A setting as text. Raises Unavailable when it is missing."""
    return str(setting(catalogue, name).value)
