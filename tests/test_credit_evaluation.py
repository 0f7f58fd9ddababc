# SPDX-License-Identifier: Apache-2.0
"""The evaluation over random histories: only what stands counts; everybody at once is as each alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
import yaml

from yiwang.engines import house
from yiwang.engines.credit import (
    SCORE,
    CreditBook,
    Ending,
    EndKind,
    Evaluated,
    Evaluation,
    Fact,
    History,
    Severity,
    Standing,
    Version,
    evaluate_one,
    fact_of,
    months_after,
    resting,
    standing,
)
from yiwang.engines.credit.evaluation import first_within
from yiwang.engines.credit.evaluation_population import GRADE, evaluate_all
from yiwang.engines.definitions import DefinitionErrors, default_directory
from yiwang.kernel.errors import NotFound

ON = dt.date(2026, 2, 28)
EVALUATION = "evaluation-firms"


@lru_cache(maxsize=1)
def book() -> CreditBook:
    """The city's credit definitions."""
    return CreditBook.of(house.load())


def evaluation() -> Evaluation:
    """The city's evaluation of firms."""
    return book().evaluation(EVALUATION)


def moment(day: dt.date) -> dt.datetime:
    """Noon of a day."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def random_history(chance: random.Random, record: int, subject: str) -> History:
    """A record of any entry, corrected and ended at random, near the bounds as often as not."""
    counted = sorted({entry for one in evaluation().indicators for entry in one.entries})
    entry = book().entries[chance.choice([*sorted(book().entries), *counted])]
    terms = [term.used for term in entry.terms if term.used]
    near = months_after(ON, -chance.choice([12, 36, *terms]))
    versions = []
    for number in range(1, chance.choice([1, 1, 1, 3]) + 1):
        around = near + dt.timedelta(days=chance.randint(-2, 4))
        day = chance.choice([around, ON - dt.timedelta(days=chance.randint(-3, 900))])
        until = chance.choice([None, None, ON, ON - dt.timedelta(days=1), ON + dt.timedelta(days=9)])
        until = until if until is None or until >= day else None
        severity = chance.choice([None, *Severity])
        versions.append(Version(number, subject, day, moment(day), severity, until))
    endings = []
    if chance.random() < 0.3:
        kind = chance.choice(list(EndKind))
        endings.append(Ending(kind, ON + dt.timedelta(days=chance.randint(-1, 1)), moment(ON)))
    return History(f"r{record}", entry.id, "finance", tuple(versions), tuple(endings))


def table_of(facts: list[Fact]) -> Any:
    """The facts as the store has them."""
    schema = pa.schema(
        [(name, pa.string()) for name in ("subject", "catalogue", "severity")]
        + [(name, pa.date32()) for name in ("decided", "until", "ended")]
    )
    rows = [
        {
            "subject": one.subject, "catalogue": one.catalogue, "severity": one.severity or "",
            "decided": one.decided, "until": one.until, "ended": one.ended,
        }
        for one in facts
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


@pytest.mark.parametrize("seed", range(2))
def test_everybody_at_once_as_each_alone_and_only_what_stands(seed: int) -> None:
    chance = random.Random(seed)
    subjects = [f"f{number:03}" for number in range(200)]
    histories = [
        random_history(chance, number, chance.choice(subjects[:-5]))  # some have no record at all
        for number in range(1_500)
    ]
    facts = [fact for history in histories if (fact := fact_of(history))]
    engine = ibis.duckdb.connect()
    query = evaluate_all(
        evaluation(), book(), ibis.memtable(table_of(facts)),
        ibis.memtable(pa.table({"subject": subjects})), on=ON,
    )  # fmt: skip
    found = {row["subject"]: row for row in engine.to_pyarrow(query).to_pylist()}
    assert sorted(found) == subjects
    stands = {
        one.record for one in histories if standing(one, book().entries[one.entry], ON) is Standing.COUNTS
    }
    used, rest, awake = 0, 0, 0
    for subject in subjects:
        alone = evaluate_one(evaluation(), book(), facts, subject=subject, on=ON)
        row = found[subject]
        assert (row[SCORE], row[GRADE]) == (alone.score, alone.grade.name)
        assert {name: int(row[name]) for name in alone.counts} == alone.counts
        assert all(row[line.clause.name] == line.points for line in alone.lines)
        asleep = resting(
            [one for one in histories if one.versions[-1].subject == subject], book(), subject=subject, on=ON
        )
        assert {one.fact.record for one in alone.resting} == asleep & stands
        assert {one.fact.record for one in alone.used} <= stands - asleep
        assert all(one.fact.subject == subject for one in alone.used)
        assert not {one.fact.catalogue for one in alone.used} & set(evaluation().never())
        standing_facts = [fact for fact in facts if fact.record in stands]
        assert evaluate_one(evaluation(), book(), standing_facts, subject=subject, on=ON) == alone
        if alone.resting:
            _says_what_would_be(alone, facts)
        used += sum(bool(one.indicators) for one in alone.used)
        rest += len(alone.resting)
        awake += sum(one.fact.catalogue == "credit-red" for one in alone.used)
    assert min(rest, awake) > 0
    counted = {entry for one in evaluation().indicators for entry in one.entries}
    assert used > 100
    assert len(stands) > used  # what stands, but is not evaluated
    assert len({row[GRADE] for row in found.values()}) == len(evaluation().classes)
    assert counted.isdisjoint(evaluation().never())


def _says_what_would_be(told: Evaluated, facts: list[Fact]) -> None:
    """Each fact left out: the evaluation is told anew from the others."""
    said = {one.fact.record: (one.score, one.grade) for one in told.changes}
    for one in told.used:
        others = [fact for fact in facts if fact.subject == told.subject and fact != one.fact]
        anew = evaluate_one(evaluation(), book(), others, subject=told.subject, on=ON)
        assert said.get(one.fact.record, (told.score, told.grade)) == (anew.score, anew.grade)


@pytest.mark.parametrize("clean", [True, False])
def test_everything_that_stands_and_is_named_counts(clean: bool) -> None:
    chance = random.Random(7)
    histories = [random_history(chance, number, "f") for number in range(600)]
    if clean:
        histories = [one for one in histories if not book().entries[one.entry].sort.is_against]
    alone = evaluate_one(
        evaluation(), book(), [one for each in histories if (one := fact_of(each))], subject="f", on=ON
    )
    used = {one.fact.record for one in alone.used}
    plain = [one for one in evaluation().indicators if one.months is None]
    for history in histories:
        version = history.version()
        assert version is not None
        named = any(
            history.entry in one.entries and (not one.severities or version.severity in one.severities)
            for one in plain
        )
        if named:
            stands = standing(history, book().entries[history.entry], ON) is Standing.COUNTS
            assert (history.record in used) == (stands and (clean or history.entry != "credit-red"))
    assert any(one.fact.catalogue == "credit-red" for one in alone.used) == clean


def fact(record: str, catalogue: str, severity: Severity | None = None, days: int = 30) -> Fact:
    """A fact of the firm `f`, decided some days ago."""
    return Fact(record, "f", catalogue, severity, ON - dt.timedelta(days=days), org="market-regulation")


def test_one_firm_is_told_what_counted_why_and_what_would_change_it() -> None:
    facts = [
        fact("grave", "credit-penalty", Severity.GRAVE),
        fact("slight", "credit-penalty", Severity.SLIGHT),
        fact("kept", "credit-commitment-kept"),
        fact("health", "credit-domain-health"),
    ]
    told = evaluate_one(evaluation(), book(), facts, subject="f", on=ON)
    assert (told.score, told.grade.name) == (Decimal(60), "C级")  # 80 - 20 - 2 + 2
    assert [one.fact.record for one in told.used] == ["grave", "kept", "slight"]
    assert told.used[0].last == months_after(facts[0].decided, 36)
    assert told.used[1].last == months_after(facts[2].decided, 12)
    assert {one.clause.name: one.points for one in told.lines if one.points} == {
        "严重失信扣分": -20, "轻微失信扣分": -2, "履约加分": 2,
    }  # fmt: skip
    changes = {one.fact.record: (one.score, one.grade.name) for one in told.changes}
    assert changes == {
        "grave": (Decimal(80), "B级"), "slight": (Decimal(62), "C级"), "kept": (Decimal(58), "C级")
    }  # fmt: skip
    assert told.why is not None
    assert "评价得分" in told.why.text


def test_a_list_for_the_clean_rests_until_the_only_stain_is_over() -> None:
    red, slight = fact("red", "credit-red"), fact("slight", "credit-penalty", Severity.SLIGHT)
    assert evaluate_one(evaluation(), book(), [red], subject="f", on=ON).score == Decimal(88)
    told = evaluate_one(evaluation(), book(), [red, slight], subject="f", on=ON)
    assert (told.score, [one.fact.record for one in told.resting]) == (Decimal(78), ["red"])
    assert [(one.fact.record, one.score) for one in told.changes] == [("slight", Decimal(88))]
    over = months_after(slight.decided, 3) + dt.timedelta(days=1)
    assert evaluate_one(evaluation(), book(), [red, slight], subject="f", on=over).resting == ()
    score = book().scores["score-people"]
    unnamed = fact("watch", "credit-watch")  # the score does not count it, yet it speaks against
    told = evaluate_one(score, book(), [red, unnamed], subject="f", on=ON)
    assert (told.score, told.counts["表彰数"]) == (Decimal(70), 0)
    assert [(one.fact.record, one.indicators) for one in told.used] == [("watch", ())]
    assert [(one.fact.record, one.score) for one in told.changes] == [("watch", Decimal(80))]


@pytest.mark.parametrize("months", [1, 3, 12, 36])
def test_the_first_day_that_still_counts(months: int) -> None:
    day = dt.date(2024, 1, 1)
    while day < dt.date(2025, 4, 2):
        first = first_within(day, months)
        assert months_after(first, months) >= day > months_after(first - dt.timedelta(days=1), months)
        day += dt.timedelta(days=1)


def _spoiled(tmp_path: Path, change: Mapping[str, Any]) -> list[str]:
    """The problems of the city's definitions with the evaluation changed."""
    target = tmp_path / "definitions"
    source = Path(default_directory())
    target.mkdir()
    (target / "levels.yaml").symlink_to(source / "levels.yaml")
    for level in sorted(path for path in source.iterdir() if path.is_dir()):
        for kind in sorted(path for path in level.iterdir() if path.is_dir()):
            (target / level.name).mkdir(parents=True, exist_ok=True)
            (target / level.name / kind.name).symlink_to(kind)
    folder = target / "zhumadian" / "credit"
    folder.unlink()
    folder.mkdir()
    for file in (source / "zhumadian" / "credit").iterdir():
        if file.name != "evaluation.yaml":
            (folder / file.name).symlink_to(file)
    (one,) = yaml.safe_load((source / "zhumadian" / "credit" / "evaluation.yaml").read_text())
    one.update(change)
    (folder / "evaluation.yaml").write_text(yaml.safe_dump([one], allow_unicode=True))
    with pytest.raises(DefinitionErrors) as raised:
        house.load(target)
    return [str(problem) for problem in raised.value.problems]


def test_a_rule_that_uses_an_excluded_or_unlisted_fact_does_not_load(tmp_path: Path) -> None:
    written = evaluation().model_dump(mode="json")
    written["indicators"][0]["entries"].append("credit-domain-health")
    written["clauses"][0]["gives"] = "- 民族 * 2"
    written["clauses"][1]["gives"] = "一般处罚数 > 2"
    written["classes"][0]["when"] = "评价得分 >= 90 and 性别 = 1"
    said = "\n".join(_spoiled(tmp_path, written))
    assert "不得使用的信息“credit-domain-health”" in said
    assert "民族" in said
    assert "性别" in said
    assert "“一般处罚数”" not in said


def test_an_evaluation_not_in_force_evaluates_nobody() -> None:
    later = evaluation().model_copy(update={"valid_from": ON + dt.timedelta(days=1)})
    with pytest.raises(NotFound, match="不施行"):
        evaluate_one(later, book(), [], subject="f", on=ON)


@pytest.mark.parametrize("dialect", ["postgres", "pyspark", "clickhouse"])
def test_the_same_query_for_every_engine(dialect: str) -> None:
    kinds = dict.fromkeys(("subject", "catalogue", "severity"), "string")
    kinds |= dict.fromkeys(("decided", "until", "ended"), "date")
    facts = ibis.table(kinds, name="facts")
    subjects = ibis.table({"subject": "string"}, name="subjects")
    query = evaluate_all(evaluation(), book(), facts, subjects, on=ON)
    assert GRADE in ibis.to_sql(query, dialect=dialect)
