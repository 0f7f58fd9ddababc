# SPDX-License-Identifier: Apache-2.0
"""What leaves the gateway: the granted items of a row, masked unless granted plain (脱敏).

The masks of names and numbers are those of the whole house (`kernel.ids`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import mask_id_number, mask_name, mask_phone

from .kinds import Resource
from .words import Mask

HIDDEN = "（不显示）"
"""What stands for a value of which nothing may be seen."""

_PLACE = r"[^路街道巷村镇乡号小\d\s]"  # a street or a housing estate is no place of the administration
_REGIONS = re.compile(
    rf"({_PLACE}{{2,6}}?(?:省|自治区))?({_PLACE}{{2,6}}?[市州盟])?({_PLACE}{{1,6}}?[区县旗市])?"
)
_SHORTEST_ACCOUNT = 8


def mask(value: Any, how: Mask) -> str:
    """A value as text, fit for those to whom the plain one was not granted; nothing stays nothing."""
    text = "" if value is None else str(value)
    return _MASKS[how](text) if text else ""


def screen(
    row: Mapping[str, Any], *, fields: Sequence[str], plain: Collection[str], resource: Resource
) -> dict[str, Any]:
    """The `fields` of a row in their order, nothing else, each masked as the resource says.

    Args:
        plain: the fields of which the plain value was granted.

    Raises:
        Invalid: a field that the resource does not have, or one that the row lacks.
    """
    seen: dict[str, Any] = {}
    for name in fields:
        field = resource.field(name)
        if field is None or name not in row:
            raise Invalid(f"“{resource.name}”没有信息项“{name}”。", mend="请核对授权和目录。")
        value = row[name]
        open_to_all = value is None or name in plain or field.mask is Mask.NONE
        seen[name] = value if open_to_all else mask(value, field.mask)
    return seen


def whole_region(text: str) -> str:
    """The province, city and county that an address begins with; empty when it does not name all three.
    Whatever else begins with the same words is masked the same: the search ends with them."""
    found = _REGIONS.match(text)
    return found.group() if found and all(found.groups()) else ""


def _address(text: str) -> str:
    """`河南省驻马店市驿城区****`: as far as the county."""
    found = _REGIONS.match(text.strip())
    return f"{found.group() if found else ''}****"


def _account(text: str) -> str:
    """The last four; a short one is hidden whole."""
    plain = "".join(text.split())
    if len(plain) < _SHORTEST_ACCOUNT:
        return "*" * len(plain)
    return "*" * (len(plain) - 4) + plain[-4:]


_MASKS: Mapping[Mask, Callable[[str], str]] = {
    Mask.NONE: str,
    Mask.NAME: mask_name,
    Mask.ID_NUMBER: mask_id_number,
    Mask.PHONE: mask_phone,
    Mask.ADDRESS: _address,
    Mask.ACCOUNT: _account,
    Mask.HIDE: lambda _: HIDDEN,
}
