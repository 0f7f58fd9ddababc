# SPDX-License-Identifier: Apache-2.0
"""Try a drafted policy on a population: the published version against the draft, over the same people.

Both run as one query on DuckDB in the process, bounded in memory and time. What comes out: how many fit,
how many yuan, who newly gets something, who loses it, whom it hangs on a fact nobody has given; and of
each group some, worked out one by one with reasons, which must agree with the query.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from yiwang.engines.rules import names, words
from yiwang.engines.rules.population import Column
from yiwang.engines.rules.population_reasons import conditions_of
from yiwang.kernel.errors import Invalid, Unavailable
from yiwang.kernel.late import Late

from .calculate import calculate, facts_needed
from .kinds import Policy
from .population import match
from .population_files import interrupted_after
from .rules import amount_of, condition_of

ibis: Any = Late("ibis")

SECONDS: Final = 20.0  # a trial is run while somebody waits for the page
MEMORY: Final = "512MB"
DISK: Final = "1GB"
OF_EACH: Final = 3  # shown of each group
_NOT: Final = 1  # the reason code of whoever gets nothing because there is no policy
_KEY: Final = "id"


@dataclass(frozen=True)
class Side:
    """One version over everybody. `in_force`: whether it is, on the day of the trial."""

    in_force: bool
    fits: int
    fen: int
    unknown: int


@dataclass(frozen=True)
class Waiting:
    """How many hang on one fact, and in which condition."""

    condition: str
    name: str
    count: int


@dataclass(frozen=True)
class Known:
    """Of how many subjects a fact that the draft uses is known, and of how many it is not."""

    name: str
    known: int
    unknown: int


@dataclass(frozen=True)
class Sampled:
    """One subject of a group, worked out alone. `agrees`: both ways of running said the same."""

    group: str
    key: str
    was_fen: int | None
    now_fen: int | None
    was: str
    now: str
    agrees: bool


@dataclass(frozen=True)
class Trial:
    """What a trial found. `groups`: how many newly get something, lose it, get more, less, the same, are
    no longer sure; `facts`: how much is known of what the draft asks for; money is in fen."""

    subjects: int
    before: Side | None
    after: Side
    groups: Mapping[str, int]
    facts: tuple[Known, ...]
    waiting: tuple[Waiting, ...]
    samples: tuple[Sampled, ...]


GROUPS: Final = {
    "gains": "新增享受",
    "loses": "不再享受",
    "less": "金额减少",
    "more": "金额增加",
    "unsure": "原来符合，现在还不能确定",
    "same": "享受不变",
    "open": "还不能确定",
}
_SHOWN: Final = ("loses", "gains", "less", "more", "unsure", "open")


@dataclass(frozen=True)
class Versions:
    """The draft, the published version (None: it is new), the others of its groups."""

    draft: Policy
    published: Policy | None
    rivals: Sequence[Policy] = ()


def try_out(
    subjects: Any, columns: Mapping[str, Column], versions: Versions, *, on: dt.date, seconds: float = SECONDS
) -> Trial:
    """Run a trial over an Arrow table with a column `id` and columns named as the data elements.

    Raises Invalid when the draft cannot be run over a population (with the way to write it instead),
    Unavailable when the bounds of time or memory were met.
    """
    with _bounded(seconds) as engine:
        engine.con.register("subjects", subjects)
        table = engine.table("subjects")
        now = _outcome(table, columns, versions.draft, versions, on)
        was = _outcome(table, columns, versions.published, versions, on) if versions.published else None
        engine.con.execute(f"CREATE TABLE outcome AS {engine.compile(_side_by_side(table, was, now))}")
        return _told(engine, versions, on=on, was=was is not None, now=now is not None)


@contextmanager
def _bounded(seconds: float) -> Iterator[Any]:
    """An engine that stops when it is told to. Raises Unavailable for what does not fit."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        engine = ibis.duckdb.connect(
            memory_limit=MEMORY, threads=1, temp_directory=folder, max_temp_directory_size=DISK
        )
        try:
            with interrupted_after(seconds, engine.con.interrupt):
                yield engine
        except duckdb.InterruptException:
            what, mend = f"测试超过 {seconds:g} 秒，已经停下。", "请换一份小一些的数据，或把规则写简单些。"
            raise Unavailable(what, mend=mend) from None
        except duckdb.OutOfMemoryException:
            raise Unavailable("数据太大，内存不够。", mend="请换一份小一些的数据。") from None
        finally:
            engine.disconnect()


def _outcome(
    table: Any, columns: Mapping[str, Column], policy: Policy, versions: Versions, on: dt.date
) -> Any | None:
    """One version among its rivals: a query of id, reason, fen; None when it is not in force."""
    found = match([policy, *versions.rivals], table, columns, on=on)
    if policy.id in found.left_out:
        raise Invalid(f"这条规则不能对全部对象一次计算：{found.left_out[policy.id]}", mend="请按提示改写。")
    if policy not in found.policies:
        return None
    fen = found.query[f"{policy.id}.fen"] if policy.money is not None else ibis.literal(0)
    return found.query.select(_KEY, reason=found.query[f"{policy.id}.reason"], fen=fen.cast("int64"))


def _side_by_side(table: Any, was: Any | None, now: Any | None) -> Any:
    found = table
    for name, side in (("was", was), ("now", now)):
        if side is None:
            found = found.mutate(**{f"{name}.reason": ibis.literal(_NOT), f"{name}.fen": ibis.literal(0)})
        else:
            renamed = side.rename({f"{name}.key": _KEY, f"{name}.reason": "reason", f"{name}.fen": "fen"})
            found = found.left_join(renamed, found[_KEY] == renamed[f"{name}.key"]).drop(f"{name}.key")
    fits_was, fits_now = found["was.reason"] == 0, found["now.reason"] == 0
    was_fen, now_fen = found["was.fen"].fill_null(0), found["now.fen"].fill_null(0)
    group = ibis.cases(
        (fits_was & fits_now & (now_fen > was_fen), "more"),
        (fits_was & fits_now & (now_fen < was_fen), "less"),
        (fits_was & fits_now, "same"),
        (fits_now, "gains"),
        (fits_was & (found["now.reason"] > 0), "loses"),
        (fits_was, "unsure"),
        (found["now.reason"] < 0, "open"),
        else_="none",
    )
    return found.mutate(group=group)


def _told(engine: Any, versions: Versions, *, on: dt.date, was: bool, now: bool) -> Trial:
    outcome = engine.table("outcome")
    counted = engine.to_pyarrow(outcome.group_by("group").aggregate(n=outcome.count())).to_pylist()
    found = {row["group"]: int(row["n"]) for row in counted}
    sums = {
        f"{side}.{what}": value
        for side in ("was", "now")
        for what, value in {
            "fits": (outcome[f"{side}.reason"] == 0).sum(),
            "open": (outcome[f"{side}.reason"] < 0).sum(),
            "fen": ibis.ifelse(outcome[f"{side}.reason"] == 0, outcome[f"{side}.fen"], 0).sum(),
        }.items()
    }
    row = engine.to_pyarrow(outcome.aggregate(**sums)).to_pylist()[0]

    def side(name: str, in_force: bool) -> Side:
        return Side(in_force, *(int(row[f"{name}.{what}"] or 0) for what in ("fits", "fen", "open")))

    return Trial(
        subjects=sum(found.values()),
        before=side("was", was) if versions.published is not None else None,
        after=side("now", now),
        groups={group: found.get(group, 0) for group in GROUPS},
        facts=tuple(_known(engine, outcome, versions.draft)),
        waiting=tuple(_waiting(engine, outcome, versions.draft)) if now else (),
        samples=tuple(_samples(engine, outcome, versions, on)),
    )


def _known(engine: Any, outcome: Any, draft: Policy) -> Iterator[Known]:
    """Each fact that the draft uses: of how many it is known, the least known first."""
    used = [name for name in facts_needed([draft]) if name in outcome.columns]
    if not used:
        return
    counts = {f"{at}": outcome[name].count() for at, name in enumerate(used)}
    row = engine.to_pyarrow(outcome.aggregate(everybody=outcome.count(), **counts)).to_pylist()[0]
    found = [(int(row[f"{at}"]), name) for at, name in enumerate(used)]
    yield from (Known(name, known, int(row["everybody"]) - known) for known, name in sorted(found))


def _waiting(engine: Any, outcome: Any, draft: Policy) -> Iterator[Waiting]:
    """For want of which fact it is not known: by condition, the most first."""
    condition, amount = condition_of(draft), amount_of(draft)
    parts = [*(conditions_of(condition) if condition is not None else ())]
    parts += [amount] if amount is not None else []
    wanted = [
        (number, part, name)
        for number, part in enumerate(parts, 1)
        for name in dict.fromkeys(names(part))
        if name in outcome.columns
    ]
    if not wanted:
        return
    sums = {
        f"{at}": ((outcome["now.reason"] == -number) & outcome[name].isnull()).sum()
        for at, (number, _, name) in enumerate(wanted)
    }
    row = engine.to_pyarrow(outcome.aggregate(**sums)).to_pylist()[0]
    found = [Waiting(words(part), name, int(row[f"{at}"] or 0)) for at, (_, part, name) in enumerate(wanted)]
    yield from sorted((one for one in found if one.count), key=lambda one: -one.count)


def _samples(engine: Any, outcome: Any, versions: Versions, on: dt.date) -> Iterator[Sampled]:
    """Some of each group, always the same for the same population, each worked out alone."""
    both = [one for one in (versions.draft, versions.published) if one is not None]
    facts_of = [name for name in facts_needed(both) if name in outcome.columns]
    for group in _SHOWN:
        some = outcome.filter(outcome.group == group).order_by(outcome[_KEY].hash()).limit(OF_EACH)
        wanted = some.select(_KEY, "was.reason", "was.fen", "now.reason", "now.fen", *facts_of)
        for row in engine.to_pyarrow(wanted).to_pylist():
            facts = {name: row[name] for name in facts_of if row[name] is not None}
            yield _one(group, row, facts, versions, on)


def _one(
    group: str, row: Mapping[str, Any], facts: Mapping[str, Any], versions: Versions, on: dt.date
) -> Sampled:
    told: list[tuple[int | None, str]] = []
    agrees = True
    for policy, side in ((versions.published, "was"), (versions.draft, "now")):
        if policy is None:
            told.append((None, "还没有这项政策"))
            continue
        found = calculate(policy, facts, on)
        why = found.why.text if found.why else ""
        told.append((found.fen, "\n".join(one for one in (found.standing.term, why) if one)))
        if not versions.rivals and row[f"{side}.reason"] == 0:
            agrees &= (found.fen or 0) == (row[f"{side}.fen"] or 0)
    (was_fen, was), (now_fen, now) = told
    return Sampled(group, str(row[_KEY]), was_fen, now_fen, was, now, agrees)
