# SPDX-License-Identifier: Apache-2.0
"""A trial counts what `calculate` finds for each alone; a file's wrong values are told, the rest counted."""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yiwang.engines.benefits import Standing, calculate
from yiwang.engines.benefits.population_files import read_population
from yiwang.engines.benefits.trial import Versions, try_out
from yiwang.engines.rules import BOOLEAN, DATE, NUMBER, choice
from yiwang.engines.rules.population import Column
from yiwang.kernel.errors import Invalid, Unavailable

from .test_drafting import CITE, policy

DAY = dt.date(2026, 11, 22)
COLUMNS = {
    "投资额": Column(NUMBER, digits=16, scale=2),
    "是否甲": Column(BOOLEAN),
    "级别": Column(choice("省级", "市级")),
    "成立日": Column(DATE),
}
OLD = policy(when='投资额 > 100 and 级别 = "省级"')
NEW = policy(
    when="投资额 > 50 and 是否甲", money={"rule": "投资额 * 0.2", "cap": {"most": "30", "cite": CITE}}
)


def people(count: int) -> tuple[pa.Table, list[dict[str, object]]]:
    dice = random.Random(7)
    facts: list[dict[str, object]] = [
        {
            "投资额": dice.choice([None, *map(Decimal, ("50.00", "50.01", "100.00", "999.99"))]),
            "是否甲": dice.choice([None, True, False]),
            "级别": dice.choice([None, "省级", "市级"]),
        }
        for _ in range(count)
    ]  # fmt: skip
    types = {"投资额": pa.decimal128(16, 2), "是否甲": pa.bool_(), "级别": pa.string()}
    table = {name: pa.array([one[name] for one in facts], types[name]) for name in types}
    return pa.table({"id": [str(n) for n in range(count)], **table}), facts


def test_a_trial_counts_what_each_alone_would_get() -> None:
    table, facts = people(300)
    found = try_out(table, COLUMNS, Versions(NEW, OLD), on=DAY)
    alone = [
        [calculate(one, {k: v for k, v in each.items() if v is not None}, DAY) for one in (OLD, NEW)]
        for each in facts
    ]
    fits = [tuple(one.standing is Standing.FITS for one in pair) for pair in alone]
    assert found.before is not None
    for each in found.facts:
        known = sum(one[each.name] is not None for one in facts)
        assert (each.known, each.unknown) == (known, 300 - known)
    assert {each.name for each in found.facts} == {"投资额", "是否甲"}
    assert (found.before.fits, found.after.fits) == (sum(a for a, _ in fits), sum(b for _, b in fits))
    assert found.after.fen == sum(now.fen or 0 for _, now in alone if now.standing is Standing.FITS)
    assert found.groups["gains"] == fits.count((False, True))
    lost = sum(a and pair[1].standing is Standing.NOT for (a, _), pair in zip(fits, alone, strict=True))
    assert found.groups["loses"] == lost
    unknown = [now for _, now in alone if now.standing is Standing.OPEN]
    assert found.after.unknown == len(unknown)
    assert {one.name for one in found.waiting} == {name for now in unknown for name in now.needs}
    assert found.samples
    assert all(one.agrees for one in found.samples)


def test_a_version_that_is_not_in_force_gives_nothing() -> None:
    table, _ = people(20)
    over = OLD.model_copy(update={"valid_to": DAY - dt.timedelta(days=1)})
    found = try_out(table, COLUMNS, Versions(NEW, over), on=DAY)
    assert found.before is not None
    assert (found.before.in_force, found.before.fits) == (False, 0)
    assert found.groups["gains"] == found.after.fits


def test_a_trial_stops_in_time_and_tells_what_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.engines.benefits.population_files._AGAIN", 0.0005)  # however quick it is
    table, _ = people(20)
    with pytest.raises(Invalid, match="全部对象"):
        try_out(table, COLUMNS, Versions(policy(when="投资额 / 3 > 1"), None), on=DAY)
    with pytest.raises(Unavailable, match="秒"):
        try_out(people(20_000)[0], COLUMNS, Versions(NEW, OLD), on=DAY, seconds=0.001)


@pytest.mark.parametrize("form", ["csv", "gb18030", "parquet"])
def test_wrong_values_are_told_and_the_rest_is_read(form: str) -> None:
    columns = {
        "投资额": ["1.5", "1.999", "1e9", "", "-7"],
        "是否甲": ["是", "false", "也许", "", "TRUE"],
        "级别": ["省级", "国家级", "市级", "", "省级"],
        "成立日": ["2026-02-28", "2026-02-30", "昨天", "", "2020-01-01"],
    }
    if form == "parquet":
        out = io.BytesIO()
        pq.write_table(pa.table(columns), out)
        raw = out.getvalue()
    else:
        rows = [",".join(row) for row in zip(*columns.values(), strict=True)]
        text = "\r\n".join([",".join(columns), *rows])
        raw = text.encode("utf-8-sig" if form == "csv" else form)
    found = read_population(raw, [*columns, "没有这一列"], COLUMNS | {"没有这一列": Column(BOOLEAN)})
    assert found.missing == ("没有这一列",)
    told = {one.name: (one.count, one.rows) for one in found.wrong}
    assert told == {"投资额": (2, (2, 3)), "是否甲": (1, (3,)), "级别": (1, (2,)), "成立日": (2, (2, 3))}
    assert found.table["投资额"].to_pylist() == [Decimal("1.50"), None, None, None, Decimal("-7.00")]
    assert found.table["是否甲"].to_pylist() == [True, False, None, None, True]
    assert found.table["没有这一列"].to_pylist() == [None] * 5
    assert found.table["id"][4].as_py() == "第 5 行"
