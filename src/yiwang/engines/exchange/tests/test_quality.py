# SPDX-License-Identifier: Apache-2.0
"""Rules over whole tables say what a loop over rows says, row by row."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.engines.exchange.quality import Outcome, score
from yiwang.engines.exchange.quality_kinds import Dimension, QualityKind
from yiwang.kernel.errors import Invalid
from yiwang.kernel.ids import check_id_number, check_uscc, make_id_number, make_uscc

from .quality_support import TODAY, Row, judged

_CODES = [make_uscc("411702", serial) for serial in (1, 2, 77)]
_NUMBERS = [make_id_number("411702", dt.date(1985, 3, 4), serial) for serial in (1, 12)]


def _bent(good: str, random: Random) -> str:
    """A sound number with one sign changed, in small letters, with a blank, a sign short."""
    place, sign = random.randrange(len(good)), random.choice("0123456789XABIOZ 一")
    changed = good[:place] + sign + good[place + 1 :]
    return random.choice([good, changed, changed, changed, good.lower(), good + " ", good[:-1]])


def test_numbers_are_sound_where_the_kernel_says_so() -> None:
    """Three hundred numbers, sound and bent, in one query; the birth dates of some cannot be."""
    random = Random(20260518)
    codes = [_bent(random.choice(_CODES), random) for _ in range(300)]
    numbers = [_bent(random.choice(_NUMBERS), random) for _ in range(300)]
    numbers += [make_id_number("411702", day, 1) for day in (TODAY, TODAY + dt.timedelta(days=1))]
    numbers += ["110105187601010018", "11010519490230002X"]
    rows: list[Row] = [{"code": one} for one in codes]
    rows += [{"number": one} for one in numbers]
    rules = [{"id": one, "kind": "format", "fields": [one]} for one in ("code", "number")]
    of_codes, of_numbers = judged(rules, rows)
    assert 0 < of_codes.failed == [_is_code(one) for one in codes].count(False)
    assert 0 < of_numbers.failed == [_is_number(one) for one in numbers].count(False)
    assert (of_codes.judged, of_numbers.judged) == (300, 304)


def _none_or(values: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), values)


_DATES = st.sampled_from(
    ["2026-05-01", "2026-04-01", "2020-02-30", "2020-02-29", "昨天", "2026-05-18 10:00:00"]
)
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "code": _none_or(st.sampled_from(_CODES)),
            "name": _none_or(st.sampled_from(["甲公司", "乙店", "丙 公司", "�"])),
            "capital": _none_or(st.sampled_from(["0", "100", "99", "-5", "1.5", "一百", "1000000"])),
            "staff": _none_or(st.sampled_from(["0", "3", "-1", "3.0", "x"])),
            "founded": _none_or(_DATES),
            "changed": _none_or(_DATES),
        }
    ),
    min_size=12,
    max_size=40,
)

RULES: list[dict[str, Any]] = [
    {"id": "filled", "kind": "filled", "fields": ["name", "capital"]},
    {"id": "dates", "kind": "format", "fields": ["founded", "changed"]},
    {"id": "staff", "kind": "format", "fields": ["staff"]},
    {"id": "pattern", "kind": "pattern", "fields": ["name"], "pattern": ".*公司"},
    {"id": "range", "kind": "range", "fields": ["capital"], "minimum": 0, "maximum": 1},
    {"id": "order", "kind": "condition", "holds": "成立日期 <= 变更日期"},
    {"id": "some", "kind": "filled", "fields": ["changed"], "only_if": '名称 = "甲公司"'},
    {"id": "once", "kind": "unique", "fields": ["code", "name"]},
    {"id": "rows", "kind": "fresh_rows", "fields": ["changed"]},
    {
        "id": "alike",
        "kind": "agrees",
        "compared": {
            "resource": "other",
            "match": {"code": "code"},
            "agree": {"name": "name", "founded": "founded", "capital": "capital"},
            "days": 1,
            "tolerance": "0.01",
        },
    },
    {
        "id": "there",
        "kind": "agrees",
        "compared": {"resource": "other", "match": {"code": "code"}, "must_exist": True},
    },
]


# Few tables with many rows: what takes time is to write the query, not to run it.
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=_ROWS, other=_ROWS)
def test_a_query_says_what_a_loop_says(rows: list[Row], other: list[Row]) -> None:
    outcomes = {one.rule: one for one in judged(RULES, rows, other)}
    for rule, verdict in _verdicts(rows, other).items():
        judged_rows = [one for one in verdict if one is not None]
        told = outcomes[rule]
        assert (told.judged, told.failed) == (len(judged_rows), judged_rows.count(False)), rule
        assert len(told.samples) == told.failed


Verdict = list[bool | None]


def _verdicts(rows: list[Row], other: list[Row]) -> dict[str, Verdict]:
    """The same by hand."""
    twins = Counter((row["code"], row["name"]) for row in rows)
    return {
        "filled": [row["name"] is not None and row["capital"] is not None for row in rows],
        "dates": [_both(_sound(row["founded"], _is_date), _sound(row["changed"], _is_date)) for row in rows],
        "staff": [
            _sound(row["staff"], lambda text: re.fullmatch(r"[-+]?\d+", text) is not None) for row in rows
        ],
        "pattern": [_sound(row["name"], lambda text: text.endswith("公司")) for row in rows],
        "range": [None if (fen := _fen(row["capital"])) is None else 0 <= fen <= 100 for row in rows],
        "order": [_ordered(_day(row["founded"]), _day(row["changed"])) for row in rows],
        "some": [row["changed"] is not None if row["name"] == "甲公司" else None for row in rows],
        "once": [
            None if None in (row["code"], row["name"]) else twins[row["code"], row["name"]] == 1
            for row in rows
        ],
        "rows": [
            None if (day := _day(row["changed"])) is None else day >= TODAY - dt.timedelta(days=32)
            for row in rows
        ],
        "alike": [_alike(row, other) for row in rows],
        "there": [
            None if row["code"] is None else row["code"] in {one["code"] for one in other} for row in rows
        ],
    }


def _sound(text: str | None, test: object) -> bool | None:
    assert callable(test)
    return None if text is None else bool(test(text))


def _both(one: bool | None, two: bool | None) -> bool | None:
    known = [each for each in (one, two) if each is not None]
    return all(known) if known else None


def _is_code(text: str) -> bool:
    try:
        return check_uscc(text) == text
    except Invalid:
        return False


def _is_number(text: str) -> bool:
    try:
        return check_id_number(text, today=TODAY).number == text
    except Invalid:
        return False


def _is_date(text: str) -> bool:
    return _day(text) is not None


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _fen(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[-+]?\d+", text) else None


def _ordered(one: dt.date | None, two: dt.date | None) -> bool | None:
    return None if one is None or two is None else one <= two


def _alike(row: Row, other: list[Row]) -> bool | None:
    told: list[bool] = []
    for one in other:
        if row["code"] is None or one["code"] != row["code"]:
            continue
        if row["name"] is not None and one["name"] is not None:
            told.append(row["name"].replace(" ", "") == one["name"].replace(" ", ""))
        if (a := _day(row["founded"])) and (b := _day(one["founded"])):
            told.append(abs((a - b).days) <= 1)
        if (x := _fen(row["capital"])) is not None and (y := _fen(one["capital"])) is not None:
            told.append(abs(x - y) <= 1)
    return all(told) if told else None


def _outcome(kind: QualityKind, judged_rows: int, failed: int) -> Outcome:
    return Outcome("x", kind, judged_rows, failed, Decimal("0.9"))


def test_full_marks_only_without_a_fault() -> None:
    weights = dict.fromkeys(Dimension, 1)
    perfect = score([_outcome(QualityKind.FILLED, 1_000_000, 0)], weights)
    assert perfect.whole == Decimal("100.00")
    nearly = score([_outcome(QualityKind.FILLED, 1_000_000, 1)], weights)
    assert nearly.whole == Decimal("99.99")


def test_dimensions_are_weighed_and_those_without_rows_count_for_nothing() -> None:
    weights = {Dimension.COMPLETE: 3, Dimension.ACCURATE: 1, Dimension.USABLE: 5, Dimension.TIMELY: 0}
    found = score(
        [
            _outcome(QualityKind.FILLED, 10, 0),
            _outcome(QualityKind.FORMAT, 10, 10),
            _outcome(QualityKind.UNIQUE, 0, 0),
        ],
        weights,
    )
    assert found.dimensions == {Dimension.COMPLETE: Decimal("100.00"), Dimension.ACCURATE: Decimal("0.00")}
    assert found.whole == Decimal("75.00")
    assert score([], weights).whole is None


def test_a_resource_is_fresh_by_its_newest_row() -> None:
    rule = [{"id": "fresh", "kind": "fresh", "fields": ["changed"]}]
    old, new = {"changed": "2026-01-01"}, {"changed": "2026-05-17"}
    (late,) = judged(rule, [old, old])
    assert (late.judged, late.failed, late.met) == (1, 1, False)
    (good,) = judged(rule, [old, new, {"changed": None}])
    assert (good.judged, good.failed, good.met) == (1, 0, True)
    (unreadable,) = judged(rule, [{"changed": "去年"}])
    assert not unreadable.met
    (nothing,) = judged(rule, [])
    assert (nothing.judged, nothing.met) == (0, True)
    (within,) = judged([{**rule[0], "within_days": 200}], [old])
    assert within.met
