# SPDX-License-Identifier: Apache-2.0
"""A report holds what counts on its day, to the public what is shown; a score brings benefits and nothing
else, and uses nothing that is excluded."""

from __future__ import annotations

import datetime as dt
import random
import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import yiwang
from support.city import definitions
from yiwang.engines.credit import (
    CreditBook,
    Ending,
    EndKind,
    Fact,
    History,
    Severity,
    Standing,
    Version,
    evaluate_one,
    is_shown,
    standing,
)
from yiwang.engines.credit.report_kinds import Audience, CreditReport
from yiwang.engines.credit.reports import report_parts, require_use
from yiwang.engines.credit.score_checks import check_scores
from yiwang.engines.credit.score_kinds import BenefitScene, PersonalScore
from yiwang.engines.credit.scoring import earned
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.kernel.errors import Invalid

TODAY = dt.date(2026, 12, 28)
CITE = {"doc": "setting", "at": "测试"}


@lru_cache(maxsize=1)
def book() -> CreditBook:
    """The city's own definitions."""
    return CreditBook.of(definitions())


def some_history(chance: random.Random, number: int) -> History:
    """A record of any entry, age, degree and end, of one of two firms."""
    entry = chance.choice([*book().entries, "not-in-the-catalogue"])
    day = TODAY - dt.timedelta(days=chance.choice([-3, 0, 40, 200, 500, 2_000]))
    known = dt.datetime.combine(day, dt.time(12), dt.UTC)
    version = Version(1, chance.choice(["f_1", "f_2"]), day, known, chance.choice([None, *Severity]))
    ends = [Ending(chance.choice([*EndKind]), TODAY - dt.timedelta(days=chance.choice([-5, 0, 5])), known)]
    return History(f"cr_{number}", entry, "x", (version,), tuple(ends[: chance.choice([0, 0, 1])]))


@pytest.mark.parametrize("name", ["credit-report-own", "credit-report-public", "credit-report-officer",
                                  "credit-report-instead"])  # fmt: skip
@pytest.mark.parametrize("stained", [True, False])
def test_a_report_holds_what_counts_and_its_parts_name_over_random_histories(
    name: str, stained: bool
) -> None:
    report, chance = book().report(name), random.Random(name)
    every = {one.record: one for one in (some_history(chance, number) for number in range(600))}
    if not stained:
        every = {key: one for key, one in every.items() if not _speaks_against(one)}
    filed = report_parts(report, book(), every.values(), subject="f_1", on=TODAY)
    told = {record: part.part for part in filed for record in part.records}
    assert len(told) > 20 or not stained
    owing = 0
    for record, history in every.items():
        entry = book().entries.get(history.entry)
        owed = (
            entry is not None
            and history.versions[0].subject == "f_1"
            and standing(history, entry, TODAY) is Standing.COUNTS
            and not (stained and history.entry == "credit-red")
            and (report.audience is not Audience.PUBLIC or is_shown(history, entry, TODAY))
            and any(
                entry.sort in part.sorts and history.entry in (part.entries or [history.entry])
                for part in report.parts
            )
        )
        assert (record in told) == owed
        if owed and entry is not None:
            assert entry.sort in told[record].sorts
            owing += entry.sort == "red"
    named = any("red" in part.sorts for part in report.parts)
    assert bool(owing) == (named and not stained)


def _speaks_against(history: History) -> bool:
    entry = book().entries.get(history.entry)
    return entry is not None and entry.sort.is_against


def test_no_sort_of_information_stands_in_two_parts_or_is_forgotten_in_ones_own_report() -> None:
    for report in book().reports.values():
        sorts = [sort for part in report.parts for sort in part.sorts]
        assert len(sorts) == len(set(sorts))
    own = {sort for part in book().report("credit-report-own").parts for sort in part.sorts}
    assert {entry.sort for entry in book().entries.values()} - own == {entry_sort("credit-basic-firm")}


def entry_sort(name: str) -> Any:
    """The sort of an entry."""
    return book().entries[name].sort


def test_an_officers_report_asks_for_use_and_case() -> None:
    report = book().report("credit-report-officer")
    require_use(report, kind=Subject.FIRM, use="招标投标", case="某项目招标")
    for use, case, word in (
        ("", "某项目招标", "用途"),
        ("看看", "某项目招标", "用途"),
        ("招标投标", " ", "办件"),
    ):
        with pytest.raises(Invalid, match=word):
            require_use(report, kind=Subject.FIRM, use=use, case=case)
    with pytest.raises(Invalid, match="不对个人"):
        require_use(book().report("credit-report-public"), kind=Subject.PERSON, use="", case="")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"audience": "public", "subjects": ["firm", "person"]}, "只能是 firm"),
        ({"audience": "public", "parts": [{"title": "甲", "holds": "matters", "empty": "无"}]}, "不公开"),
        ({"audience": "officer"}, "uses"),
        ({"omitted": []}, "omitted"),
        ({"evaluation": "evaluation-firms"}, "一起写"),
        ({"parts": [{"title": "甲", "holds": "records", "empty": "无"}]}, "sorts"),
    ],
)
def test_an_unsound_report_does_not_load(changed: dict[str, Any], word: str) -> None:
    sound = {
        "id": "x", "name": "某报告", "kind": "report", "audience": "own", "subjects": ["firm"],
        "parts": [{"title": "甲", "holds": "basic", "empty": "无"}],
        "omitted": [{"says": "不列", "cite": CITE}],
        "valid_days": "credit-report-days", "basis": [CITE],
    }  # fmt: skip
    CreditReport.model_validate(sound)
    with pytest.raises(ValidationError, match=word):
        CreditReport.model_validate(sound | changed)


def scored(*entries: str) -> tuple[Decimal, list[str]]:
    """The points of a person with these records, and the scenes they bring."""
    score = book().scores["score-people"]
    facts = [
        Fact(f"cr_{place}", "p_1", name, None, TODAY - dt.timedelta(days=30))
        for place, name in enumerate(entries)
    ]
    found = evaluate_one(score, book(), facts, subject="p_1", on=TODAY)
    return found.score, [one.name for one in earned(found, book().scenes.values())]


def test_what_a_score_brings_is_the_scenes_it_earns_and_nothing_else() -> None:
    assert scored() == (Decimal(70), ["信易行"])
    assert scored("credit-commitment-kept", "credit-award") == (
        Decimal(85), ["信易贷", "信易租", "信易游", "信易行"],
    )  # fmt: skip
    assert scored("credit-black-market", "credit-false-commitment") == (Decimal(30), [])
    for scene in book().scenes.values():
        assert scene.otherwise
        assert not {"effect", "measures", "bars"} & set(BenefitScene.model_fields)


def test_no_excluded_fact_changes_a_score() -> None:
    """Every entry that is excluded, and every one the score does not name, leaves the points as they were."""
    score = book().scores["score-people"]
    used = {name for one in score.indicators for name in one.entries}
    assert not used & set(score.never())
    assert used | set(score.never()) | _of_firms() >= {*book().entries} - _left_out()
    for name in set(book().entries) - used:
        assert scored(name) == scored()


def _of_firms() -> set[str]:
    return {key for key, one in book().entries.items() if Subject.PERSON not in one.subjects}


def _left_out() -> set[str]:
    """Entries about people that a score neither counts nor names as excluded: penalties, which bar by
    themselves where the law says so."""
    return {key for key, one in book().entries.items() if one.sort == "penalty"}


class _Checked:
    """Collects what a check says."""

    def problem(self, *told: Any) -> str:
        """One problem, in words."""
        return " ".join(map(str, told))


def test_a_score_that_uses_what_is_never_used_does_not_load() -> None:
    score, entries = book().scores["score-people"], dict(book().entries)
    entries["credit-award"] = entries["credit-award"].model_copy(update={"name": "家庭收入信息"})
    entries["credit-red"] = entries["credit-red"].model_copy(
        update={"fields": [entries["credit-red"].fields[0].model_copy(update={"name": "宗教信仰"})]}
    )
    told = [*check_scores(_Checked(), CreditBook(entries, scores={score.id: score}))]  # type: ignore[arg-type]
    assert len(told) == 2
    assert all("never_uses" in str(one) for one in told)
    assert [*check_scores(_Checked(), book())] == []  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="person"):
        PersonalScore.model_validate(score.model_dump() | {"subject": "firm"})


ALLOWED = {
    "engines/credit/score_checks.py", "engines/credit/scoring.py", "engines/credit/book.py",
    "engines/credit/kinds.py", "apps/credit/scores.py", "apps/credit/public.py",
}  # fmt: skip
READS = re.compile(r"^\s*(?:from|import) .*\b(?:scores|scoring|score_kinds)\b", re.MULTILINE)


def test_nothing_that_decides_or_bars_reads_a_score() -> None:
    """Whoever imports scores: the definitions' checks, the room's own module, its door. Nobody else can."""
    root = Path(yiwang.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for place in ("engines", "apps")
        for path in (root / place).rglob("*.py")
        if "tests" not in path.parts
        for line in READS.findall(path.read_text())
        if "credit" in path.parts or "credit" in line
    }
    assert "engines/credit/scoring.py" in found
    assert found <= ALLOWED
