# SPDX-License-Identifier: Apache-2.0
"""What each county does (驻政〔2018〕85号 L645, L695): cases of joint reward and restraint against its black
list, and the training of those on its black and watch lists. A subject's county is the register's."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.identity.public import Subject, firm_facts, subjects
from yiwang.apps.journal.public import record as note_down
from yiwang.engines.credit import EndKind, Sort
from yiwang.engines.definitions import whole
from yiwang.engines.definitions.kinds.places import PlaceKind
from yiwang.kernel.actor import Actor
from yiwang.kernel.ids import mask_name

from ..domain.shares import percent
from ..models import CheckFeedback, Record, Repair, Training
from ..parts import NoSuchRecord, book_of, leads, orgs_of

CASES, TRAINING = "credit-cases-share", "credit-training-share"
MOST = 100
_ASKED_AT_ONCE = 500
_COUNTIES = (PlaceKind.DISTRICT, PlaceKind.COUNTY, PlaceKind.ZONE)
UNKNOWN = "登记信息没有县区"
LOOK_BASIS = "驻政〔2018〕85号（信用修复培训）"  # L695


@dataclass(frozen=True)
class CountyFigures:
    """One county: `black` entries on black lists today, `cases` on which a measure was carried out; `listed`
    firms on black and watch lists or off them by repair, of whom `trained`. Targets: of a hundred."""

    place: str
    name: str
    case_target: int
    trained_target: int
    black: int = 0
    cases: int = 0
    listed: int = 0
    trained: int = 0

    @property
    def case_share(self) -> int:
        """Its cases, of a hundred entries on its black lists."""
        return percent(self.cases, self.black)

    @property
    def trained_share(self) -> int:
        """How many of a hundred listed firms were trained."""
        return percent(self.trained, self.listed)

    @property
    def is_busy(self) -> bool:
        """Whether there is anything to count."""
        return bool(self.black or self.cases or self.listed)

    @property
    def has_cases(self) -> bool:
        """Whether it reported as many cases as it should."""
        return self.case_share >= self.case_target

    @property
    def has_trained(self) -> bool:
        """Whether as many were trained as should be."""
        return self.trained_share >= self.trained_target


@dataclass(frozen=True)
class Untrained:
    """A listed firm whose legal representative has not been trained since; the name masked."""

    firm: str
    name: str
    code: str
    place: str
    place_name: str
    lists: tuple[str, ...]
    since: dt.date
    representative: str


def county_figures(opened: OpenRelease, today: dt.date) -> list[CountyFigures]:
    """All counties of the definitions, in their order; then what the register puts in none of them."""
    black, cases = _black(opened, today), _cases()
    listed = {firm for firm, _ in _listed(opened, today)}
    trained = listed - must_be_trained(opened, today)
    known = _known({*black, *cases, *listed})
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for name, counted in (
        ("black", black), ("cases", cases), ("listed", Counter(listed)), ("trained", Counter(trained))
    ):  # fmt: skip
        for subject, number in counted.items():
            sums[_county(opened, known[subject].place)][name] += number
    targets = whole(opened.catalogue, CASES), whole(opened.catalogue, TRAINING)
    order = [key for key, place in opened.catalogue.places.items() if place.kind in _COUNTIES] + [""]
    return [
        CountyFigures(key, _name(opened, key), *targets, **sums[key])
        for key in order
        if key or sums.get(key)
    ]  # fmt: skip


def must_be_trained(opened: OpenRelease, today: dt.date) -> set[str]:
    """The listed firms whose legal representative has not been trained since."""
    return {firm for firm, _ in _untrained(opened, today)}


def untrained(actor: Actor) -> list[Untrained]:
    """Who has to be trained yet, those waiting longest first; the look is logged for each firm shown.

    The leading unit and auditors see all, others whom they listed. Raises NoSuchRecord for who is of no unit.
    """
    opened, today, own = current(), timezone.localdate(), orgs_of(actor)
    everything = leads(actor, opened)
    if not everything and not own:
        raise NoSuchRecord
    waiting: dict[str, list[Record]] = defaultdict(list)
    for firm, row in _untrained(opened, today):
        if everything or row.org in own:
            waiting[firm].append(row)
    first = sorted(waiting, key=lambda firm: (min(row.decided_on for row in waiting[firm]), firm))[:MOST]
    known = subjects(first)
    names = book_of(opened).entries
    with transaction.atomic():
        for firm in first:
            note_down(
                actor, "credit.training.look", stream="credit-training", about=firm, subject=firm,
                purpose="组织信用修复培训", basis=LOOK_BASIS,
            )  # fmt: skip
    return [
        Untrained(
            firm, known[firm].name, known[firm].number, county := _county(opened, known[firm].place),
            _name(opened, county), tuple(sorted({names[row.catalogue].name for row in waiting[firm]})),
            min(row.decided_on for row in waiting[firm]), mask_name(firm_facts(firm).representative),
        )
        for firm in first
    ]  # fmt: skip


def _lists(opened: OpenRelease, *sorts: Sort) -> list[str]:
    return [key for key, entry in book_of(opened).entries.items() if entry.sort in sorts]


def _black(opened: OpenRelease, today: dt.date) -> Mapping[str, int]:
    """Subject → how many entries on black lists it has today."""
    rows = Record.objects.filter(catalogue__in=_lists(opened, Sort.BLACK), ended="")
    now = rows.filter(Q(shown_until=None) | Q(shown_until__gte=today))
    return dict(now.values_list("subject").annotate(found=Count("pk")).order_by())


def _cases() -> Mapping[str, int]:
    """Subject → in how many matters a measure was carried out because of a record."""
    rows = CheckFeedback.objects.filter(applied=True)
    return dict(rows.values_list("of__subject").annotate(found=Count("of", distinct=True)).order_by())


def _listed(opened: OpenRelease, today: dt.date) -> list[tuple[str, Record]]:
    """Firms on the black and watch lists, or off them by repair, with each record of it."""
    rows = Record.objects.filter(catalogue__in=_lists(opened, Sort.BLACK, Sort.WATCH)).filter(
        Q(ended="", shown_until__gte=today) | Q(ended=EndKind.REPAIRED.value)
    )
    known = _known({row.subject for row in rows})
    return [(row.subject, row) for row in rows if known[row.subject].kind == "firm"]


def _untrained(opened: OpenRelease, today: dt.date) -> list[tuple[str, Record]]:
    """Of those the ones without a training since they were listed: noted by the leading unit, or shown with
    a repair of that record."""
    listed = _listed(opened, today)
    shown = Repair.objects.filter(record__in=[row for _, row in listed], trained_on__isnull=False)
    proved = set(shown.values_list("record_id", flat=True))
    last: dict[str, dt.date] = {}
    for firm, on in Training.objects.filter(firm__in={firm for firm, _ in listed}).values_list("firm", "on"):
        last[firm] = max(on, last.get(firm, on))
    return [
        (firm, row)
        for firm, row in listed
        if row.pk not in proved and (firm not in last or last[firm] < row.decided_on)
    ]


def _known(public_ids: Iterable[str]) -> dict[str, Subject]:
    """From the register, so many at once as a database takes in one question."""
    wanted, found = sorted(public_ids), dict[str, Subject]()
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        found |= subjects(wanted[start : start + _ASKED_AT_ONCE])
    return found


def _county(opened: OpenRelease, place: str) -> str:
    """The county of a place of the register; empty where it names none of the city."""
    known = opened.catalogue.places.get(place)
    return place if known is not None and known.kind in _COUNTIES else ""


def _name(opened: OpenRelease, county: str) -> str:
    return opened.catalogue.places[county].name if county else UNKNOWN
