# SPDX-License-Identifier: Apache-2.0
"""What the city set itself (驻政〔2018〕85号): publicity of what speaks against somebody, cases of joint
reward and restraint, training of those on lists, the key fields and occupations, scenes of 信易+."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.engines.credit import EndKind
from yiwang.engines.definitions import setting, whole

from ..domain.shares import percent
from ..models import Record
from ..parts import book_of
from .counties import CASES, TRAINING, CountyFigures

PUBLICITY, SCENES, OCCUPATIONS = "credit-publicity-share", "credit-scenes", "credit-occupations"
_STOOD = ("", EndKind.REPAIRED.value)
_ALL = 100


@dataclass(frozen=True)
class Goal:
    """What the city set itself: `target` of a hundred, or, where there is no `whole`, a number of things.
    `says`: the source's words."""

    name: str
    part: int
    whole: int | None
    target: int
    says: str

    @property
    def reached(self) -> int:
        """How far it is: of a hundred, or how many."""
        return self.part if self.whole is None else percent(self.part, self.whole)

    @property
    def unit(self) -> str:
        """What `reached` and `target` count."""
        return "个" if self.whole is None else "%"

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.reached >= self.target


def goals(opened: OpenRelease, counties: Sequence[CountyFigures]) -> list[Goal]:
    """Each target that is a number, held against the records of today; `counties`: what they add up to."""
    black, cases = sum(one.black for one in counties), sum(one.cases for one in counties)
    listed, trained = sum(one.listed for one in counties), sum(one.trained for one in counties)
    fields, due = _fields(opened)
    return [
        _goal(opened, PUBLICITY, "失信信息公示率", _publicity(opened)),
        _goal(opened, CASES, "联合奖惩案例与黑名单数量之比", (cases, black)),
        _goal(opened, TRAINING, "名单企业信用修复培训比例", (trained, listed)),
        Goal("重点领域已归集的目录和单位", fields, due, _ALL, "重点领域的信用信息全量归集"),
        _goal(opened, SCENES, "“信易+”应用场景", (_scenes(opened), None)),
        _goal(opened, OCCUPATIONS, "已建立信用档案的重点职业人群", (_occupations(opened), None)),
    ]


def _goal(opened: OpenRelease, name: str, called: str, counted: tuple[int, int | None]) -> Goal:
    return Goal(called, *counted, whole(opened.catalogue, name), setting(opened.catalogue, name).why)


def _scenes(opened: OpenRelease) -> int:
    """In how many fields a score brings something."""
    return len({scene.field for scene in book_of(opened).scenes.values()})


def _occupations(opened: OpenRelease) -> int:
    """Of how many occupations files were begun."""
    entries = book_of(opened).entries
    named = {key: entry.occupation for key, entry in entries.items() if entry.occupation}
    begun = Record.objects.filter(catalogue__in=named).values_list("catalogue", flat=True).distinct()
    return len({named[key] for key in begun})


def _publicity(opened: OpenRelease) -> tuple[int, int]:
    """Of all records against somebody that were right, how many were made public."""
    against = [key for key, entry in book_of(opened).entries.items() if entry.sort.is_against]
    rows = Record.objects.filter(catalogue__in=against, ended__in=_STOOD)
    found = rows.aggregate(all=Count("pk"), public=Count("published_on"))
    return found["public"], found["all"]


def _fields(opened: OpenRelease) -> tuple[int, int]:
    """Of the pairs of entry and unit of the key fields, how many sent something."""
    due = {
        (key, org)
        for key, entry in book_of(opened).entries.items()
        if entry.domain and not entry.sort.is_list
        for org in entry.departments
    }
    sent = set(Record.objects.filter(catalogue__in={key for key, _ in due}).values_list("catalogue", "org"))
    return len(due & sent), len(due)
