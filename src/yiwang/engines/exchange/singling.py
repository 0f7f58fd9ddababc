# SPDX-License-Identifier: Apache-2.0
"""Could a person be singled out of these rows? Asked before data is opened (第十七条 脱密处理).

Rows that agree in everything by which somebody could be known form a group; a group smaller than `k` may
give somebody away (k-anonymity). A direct identifier in the rows, masked or not, always does: a mask or a
number in its place can be undone, and the measures want neither recognition nor recovery.
A group whose members all have the same confidential value gives it away, however large the group is.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .kinds import Resource
from .words import Mask


@dataclass(frozen=True)
class Singling:
    """What was found. `at_risk`: rows in groups smaller than `k`. `telling`: confidential items that a
    whole group shares, by id."""

    rows: int
    groups: int
    smallest: int
    at_risk: int
    k: int
    identifiers: Sequence[str] = ()
    telling: Sequence[str] = ()

    @property
    def may_open(self) -> bool:
        """Whether nobody could be singled out, as far as counting can tell."""
        return not self.identifiers and not self.at_risk and not self.telling

    @property
    def sentence(self) -> str:
        """The finding with its figures, in Chinese."""
        if self.identifiers:
            return f"含有直接指明个人的信息项：{'、'.join(self.identifiers)}。请去掉后再检查。"
        if self.at_risk:
            return (
                f"共{self.rows}条、{self.groups}组，最小的一组只有{self.smallest}条；"
                f"有{self.at_risk}条所在的组不足{self.k}条，可能认出是谁。请合并区间或去掉信息项。"
            )
        if self.telling:
            return f"有的组里“{'、'.join(self.telling)}”全都一样，知道在组里就等于知道答案。请合并后再检查。"
        return f"共{self.rows}条、{self.groups}组，最小的一组有{self.smallest}条，不少于{self.k}条。"


def single_out(
    rows: Iterable[Mapping[str, Any]],
    *,
    quasi: Sequence[str],
    k: int,
    identifiers: Sequence[str] = (),
    confidential: Sequence[str] = (),
) -> Singling:
    """Count the groups that agree in the items `quasi`; a missing value is a value of its own.

    Args:
        identifiers: items that name a person directly; each that has a value anywhere is reported.
        confidential: items nobody may learn of a person.
        k: the smallest group that hides somebody.
    """
    sizes: dict[tuple[Hashable, ...], int] = {}
    values: dict[tuple[tuple[Hashable, ...], str], set[str]] = {}
    named: set[str] = set()
    count = 0
    for row in rows:
        count += 1
        group = tuple(str(row.get(one, "")) for one in quasi)
        sizes[group] = sizes.get(group, 0) + 1
        named.update(one for one in identifiers if row.get(one) not in (None, ""))
        for one in confidential:
            values.setdefault((group, one), set()).add(str(row.get(one, "")))
    small = [size for size in sizes.values() if size < k]
    telling = {one for (_, one), seen in values.items() if len(seen) == 1}
    return Singling(
        rows=count,
        groups=len(sizes),
        smallest=min(sizes.values(), default=0),
        at_risk=sum(small),
        k=k,
        identifiers=tuple(one for one in identifiers if one in named),
        telling=tuple(one for one in confidential if one in telling),
    )


def check_before_opening(resource: Resource, rows: Iterable[Mapping[str, Any]], *, k: int) -> Singling:
    """`single_out` by what the catalogue says of a resource: whatever has a mask, names a row or is a key
    is an identifier; everything else could help to know somebody."""
    direct = [one.id for one in resource.fields if one.mask is not Mask.NONE or one.subject_id or one.key]
    return single_out(
        rows, quasi=[one.id for one in resource.fields if one.id not in direct], k=k, identifiers=direct
    )
