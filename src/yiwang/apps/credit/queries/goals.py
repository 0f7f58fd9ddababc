# SPDX-License-Identifier: Apache-2.0
"""The shares the city set itself (驻政〔2018〕85号): publicity of what speaks against somebody, cases of
joint reward and restraint, training of those on lists; the coverage of the key fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.engines.credit import EndKind, Sort
from yiwang.engines.definitions import setting, whole

from ..models import CheckFeedback, Record
from ..parts import book_of

PUBLICITY, CASES, TRAINING = "credit-publicity-share", "credit-cases-share", "credit-training-share"
_STOOD = ("", EndKind.REPAIRED.value)
_ALL = 100


def percent(part: int, of: int) -> int:
    """How many of a hundred, rounded down; all, where there was nothing to do."""
    return _ALL if not of else _ALL * part // of


@dataclass(frozen=True)
class Goal:
    """A share the city set itself. `target`: of a hundred; `says`: the source's words."""

    name: str
    part: int
    whole: int
    target: int
    says: str

    @property
    def share(self) -> int:
        """How many of a hundred it is now."""
        return percent(self.part, self.whole)

    @property
    def is_met(self) -> bool:
        """Whether the target is reached."""
        return self.share >= self.target


def goals(opened: OpenRelease, today: dt.date) -> list[Goal]:
    """The three shares with a number, and the key fields, which must all be collected in full."""
    return [
        _goal(opened, PUBLICITY, "失信信息公示率", _publicity(opened)),
        _goal(opened, CASES, "联合奖惩案例与黑名单数量之比", _cases(opened, today)),
        _goal(opened, TRAINING, "名单企业信用修复培训比例", _training(opened, today)),
        Goal("重点领域已归集的目录和单位", *_fields(opened), _ALL, "重点领域的信用信息全量归集"),
    ]


def _goal(opened: OpenRelease, name: str, called: str, counted: tuple[int, int]) -> Goal:
    return Goal(called, *counted, whole(opened.catalogue, name), setting(opened.catalogue, name).why)


def _entries(opened: OpenRelease, *sorts: Sort) -> list[str]:
    return [key for key, entry in book_of(opened).entries.items() if entry.sort in sorts]


def _publicity(opened: OpenRelease) -> tuple[int, int]:
    """Of all records against somebody that were right, how many were made public."""
    against = [key for key, entry in book_of(opened).entries.items() if entry.sort.is_against]
    rows = Record.objects.filter(catalogue__in=against, ended__in=_STOOD)
    found = rows.aggregate(all=Count("pk"), public=Count("published_on"))
    return found["public"], found["all"]


def _cases(opened: OpenRelease, today: dt.date) -> tuple[int, int]:
    """Measures carried out against or for somebody, and how many stand on the black lists today."""
    listed = Record.objects.filter(catalogue__in=_entries(opened, Sort.BLACK), ended="")
    now = listed.filter(Q(shown_until=None) | Q(shown_until__gte=today)).count()
    return CheckFeedback.objects.filter(applied=True).values("of", "record").distinct().count(), now


def _training(opened: OpenRelease, today: dt.date) -> tuple[int, int]:
    """Of those on the black and watch lists, or off them by repair, how many were trained."""
    rows = Record.objects.filter(catalogue__in=_entries(opened, Sort.BLACK, Sort.WATCH)).filter(
        Q(ended="", shown_until__gte=today) | Q(ended=EndKind.REPAIRED.value)
    )
    trained = Count("pk", filter=Q(repairs__trained_on__isnull=False), distinct=True)
    found = rows.aggregate(all=Count("pk", distinct=True), trained=trained)
    return found["trained"], found["all"]


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
