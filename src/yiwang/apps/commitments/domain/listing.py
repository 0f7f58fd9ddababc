# SPDX-License-Identifier: Apache-2.0
"""The list of proofs that a commitment may replace (证明事项告知承诺制清单): of departments, of counties.

What stands in it is what the items of a release say (docs/decisions/0041); here it is read out of a
catalogue, named by a digest and compared. The steps of 驻政办〔2021〕8号 L761 are facts about such a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.citing import cite_words, duration_words
from yiwang.engines.definitions.kinds.items import Item, Level, MaterialUse
from yiwang.engines.definitions.kinds.standing_in import Commitment
from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import Conflict
from yiwang.kernel.termed import Termed


@dataclass(frozen=True)
class Line:
    """One proof on the list: for which item, what it proves, by which basis, how it is checked."""

    item: str
    item_name: str
    material: str
    material_name: str
    name: str
    proves: str
    basis: str
    checked: str
    public: str
    agent: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same line in another version."""
        return (self.item, self.material)


def lists_of(catalogue: Catalogue) -> Mapping[str, Sequence[Line]]:
    """Department → the lines of its list, by the items it handles; departments without any are left out."""
    found: dict[str, list[Line]] = {}
    for item in sorted(catalogue.items.values(), key=lambda one: one.id):
        if lines := list(_lines(catalogue, item)):
            found.setdefault(item.org, []).extend(lines)
    return found


_IN_COUNTIES = (Level.COUNTY, Level.TOWNSHIP)


def county_list(catalogue: Catalogue) -> Sequence[Line]:
    """The list of a county: what the items say that are handled in counties (行使层级 县级、乡镇级)."""
    items = sorted(catalogue.items.values(), key=lambda one: (one.org, one.id))
    return [line for item in items if item.level in _IN_COUNTIES for line in _lines(catalogue, item)]


def digest_of(lines: Sequence[Line]) -> str:
    """The digest that names a version of a department's list."""
    return canonical_digest([asdict(one) for one in lines])


def _lines(catalogue: Catalogue, item: Item) -> Iterator[Line]:
    for use in item.materials:
        if (one := use.commitment) is not None:
            yield _line(catalogue, item, use, one)


def _line(catalogue: Catalogue, item: Item, use: MaterialUse, one: Commitment) -> Line:
    check, public = one.check, one.public
    within = f"{duration_words(check.within)}内" if check.within else ""
    how = "免于核查，日常监管" if not within else f"抽查{check.share}%" if check.share else "逐件核查"
    return Line(
        item=item.id, item_name=item.name, material=use.material,
        material_name=catalogue.materials[use.material].name, name=one.list_entry, proves=one.proves,
        basis=cite_words(catalogue, one.cite), checked=f"{within}{how}；标准：{check.standard}",
        public=f"公开{duration_words(public.shown)}：{public.scope}" if public else "不公开",
        agent=f"可以（{cite_words(catalogue, one.agent_cite)}）" if one.agent_cite else "不可以",
    )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What one version has otherwise than another: `sort` is 新增, 删去 or 调整."""

    sort: str
    line: Line


def changes(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """What changes from one version to another, in the order of the items."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    found = []
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            found.append(Change("新增", new[key]))
        elif key not in new:
            found.append(Change("删去", old[key]))
        elif old[key] != new[key]:
            found.append(Change("调整", new[key]))
    return found


class ListState(Termed):
    """Where a version of a department's list stands (L761)."""

    SENT = "sent", "已报送，待司法行政部门审核"
    RETURNED = "returned", "已退回修改"
    REVIEWED = "reviewed", "司法行政部门已审核，待市政府审定"
    APPROVED = "approved", "市政府已审定，待公布"
    PUBLISHED = "published", "已公布，待备案"
    FILED = "filed", "已公布，已备案"

    @property
    def county_term(self) -> str:
        """The Chinese words for a county's list, which the county publishes and files with the city."""
        return {
            ListState.SENT: "已编制，待本县区司法局审核",
            ListState.REVIEWED: "本县区司法局已审核，待县区政府公布",
            ListState.PUBLISHED: "县区政府已公布，待报市司法局备案",
            ListState.FILED: "县区政府已公布，已报市司法局备案",
        }.get(self, self.term)

    @property
    def may_be_published(self) -> bool:
        """Whether a release with this version may be put in force."""
        return self in (ListState.APPROVED, ListState.PUBLISHED, ListState.FILED)


_LEGAL = {
    ListState.SENT: frozenset({ListState.RETURNED, ListState.REVIEWED}),
    ListState.RETURNED: frozenset(),
    ListState.REVIEWED: frozenset({ListState.RETURNED, ListState.APPROVED}),
    ListState.APPROVED: frozenset({ListState.PUBLISHED}),
    ListState.PUBLISHED: frozenset({ListState.FILED}),
    ListState.FILED: frozenset(),
}


_IN_COUNTY = {ListState.REVIEWED: frozenset({ListState.RETURNED, ListState.PUBLISHED})}
"""A county's government publishes what its justice office has reviewed: no step between (L761)."""


def moved(now: ListState, to: ListState, *, county: bool = False) -> ListState:
    """The new state. Raises Conflict for a step that is not its turn."""
    legal = _LEGAL | _IN_COUNTY if county else _LEGAL
    if to not in legal[now]:
        term = now.county_term if county else now.term
        raise Conflict(f"这份清单现在是“{term}”，不能这样办。", mend="请刷新页面，看清最新状态。")
    return to


def unreviewed(
    before: Mapping[str, Sequence[Line]],
    after: Mapping[str, Sequence[Line]],
    ready: frozenset[tuple[str, str]],
) -> list[str]:
    """The departments whose list changes without having been reviewed and approved.

    Args:
        ready: (department, digest) of the versions that may be published.
    """
    return [
        org
        for org in sorted(before.keys() | after.keys())
        if digest_of(after.get(org, ())) != digest_of(before.get(org, ()))
        and (org, digest_of(after.get(org, ()))) not in ready
    ]
