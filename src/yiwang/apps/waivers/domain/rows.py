# SPDX-License-Identifier: Apache-2.0
"""The lines of the yearly reports: filled from the definitions first, completed by the department."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Item
from yiwang.engines.definitions.kinds.materials import MaterialKind
from yiwang.kernel.termed import Termed


class Channel(Termed):
    """来源渠道: where a licence can be got electronically (豫数政办〔2023〕3号 L230–245, L255–261)."""

    CITY = "city", "市电子证照系统"
    PROVINCE = "province", "省电子证照系统"
    NATION = "nation", "国家一体化政务服务平台"
    DEPARTMENT = "department", "部门自建系统"
    NONE = "none", "还没有电子证照"


@dataclass(frozen=True)
class SurveyRow:
    """One item of a department (事项名称、办件量、办事所需证照名称及来源渠道、办理结果名称及类型).

    Attributes:
        volume: cases of the previous year (办件量); the department may correct it.
        in_scope: whether it has to be surveyed this year.
        licences: licence → channel; empty while nobody said.
        results: result → 证照 or 非证照结果.
    """

    item: str
    volume: int
    in_scope: bool
    licences: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class DeclaredRow:
    """One item, and the licences among its documents that need not be shown. `candidates`: those that
    are on a published list of usable e-licences."""

    item: str
    waived: Sequence[str] = ()
    candidates: Sequence[str] = ()
    note: str = ""


def scoped(volumes: Mapping[str, int], share: Decimal) -> set[str]:
    """The items in the top share by case volume. Where the border falls among equals, all of them.

    The share is of the number of items (办件量前50%的政务服务事项): of five items, three.
    """
    if not volumes:
        return set()
    ordered = sorted(volumes.values(), reverse=True)
    least = ordered[max(1, math.ceil(len(ordered) * share)) - 1]
    return {item for item, volume in volumes.items() if volume >= least} if share > 0 else set()


def items_of(catalogue: Catalogue, org: str) -> list[Item]:
    """A department's items, by id."""
    return [item for item in catalogue.items.values() if item.org == org]


def licences_of(catalogue: Catalogue, item: str) -> list[str]:
    """The licences an item asks for, in the order of its definition."""
    uses = catalogue.items[item].materials
    return [use.material for use in uses if catalogue.materials[use.material].kind is MaterialKind.LICENCE]


def survey_rows(
    catalogue: Catalogue, org: str, volumes: Mapping[str, int], share: Decimal
) -> list[SurveyRow]:
    """What is known already: a licence that the city's own items issue can be got from the city's system."""
    counted = {item.id: volumes.get(item.id, 0) for item in items_of(catalogue, org)}
    wanted = scoped(counted, share)
    rows = [
        SurveyRow(
            item,
            volume,
            item in wanted,
            {one: _channel(catalogue, one) for one in licences_of(catalogue, item)},
            {out.material: _result(catalogue, out.material) for out in catalogue.items[item].outputs},
        )
        for item, volume in counted.items()
    ]
    return sorted(rows, key=lambda row: (-row.volume, row.item))


def _channel(catalogue: Catalogue, material: str) -> str:
    return Channel.CITY.value if material in catalogue.producers else ""


def _result(catalogue: Catalogue, material: str) -> str:
    is_licence = catalogue.materials[material].kind is MaterialKind.LICENCE
    return "证照" if is_licence else "非证照结果"


def declared_rows(catalogue: Catalogue, org: str, usable: Collection[str]) -> list[DeclaredRow]:
    """The department's items that ask for licences on the published list: all waived, to begin with."""
    rows = []
    for item in items_of(catalogue, org):
        able = [one for one in licences_of(catalogue, item.id) if one in usable]
        if able:
            rows.append(DeclaredRow(item.id, able, able))
    return rows


def recounted(rows: Iterable[SurveyRow], share: Decimal) -> list[SurveyRow]:
    """The same rows with the scope drawn again, after the department corrected volumes."""
    listed = list(rows)
    wanted = scoped({row.item: row.volume for row in listed}, share)
    return [
        SurveyRow(row.item, row.volume, row.item in wanted, row.licences, row.results, row.note)
        for row in listed
    ]


def survey_complaints(catalogue: Catalogue, rows: Iterable[SurveyRow]) -> list[tuple[str, str]]:
    """(item, what is missing) of what must be said before the report is handed in."""
    return [
        (row.item, f"“{catalogue.items[row.item].name}”要的“{catalogue.materials[one].name}”没有选来源渠道")
        for row in rows
        if row.in_scope
        for one, channel in row.licences.items()
        if not channel
    ]


def declaration_complaints(
    catalogue: Catalogue, rows: Iterable[DeclaredRow], usable: Collection[str]
) -> list[tuple[str, str]]:
    """(item, what is wrong): only licences that the item asks for and that are on a published list."""
    return [
        (row.item, f"“{catalogue.materials[one].name}”不在已发布的可用电子证照清单里，不能免")
        for row in rows
        for one in row.waived
        if one not in usable or one not in licences_of(catalogue, row.item)
    ]


def to_json(rows: Iterable[SurveyRow | DeclaredRow]) -> list[dict[str, Any]]:
    """Rows as they are stored."""
    return [asdict(row) for row in rows]


def survey_from(stored: Iterable[Mapping[str, Any]]) -> list[SurveyRow]:
    """Stored rows of a survey."""
    return [SurveyRow(**row) for row in stored]


def declared_from(stored: Iterable[Mapping[str, Any]]) -> list[DeclaredRow]:
    """Stored rows of a declaration."""
    return [DeclaredRow(**row) for row in stored]
