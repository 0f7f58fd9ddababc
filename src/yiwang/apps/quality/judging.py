# SPDX-License-Identifier: Apache-2.0
"""Judge what a run has read: pages into a database in memory, rules as queries, failing rows concealed.

The memory is limited by a setting, and nothing is written to a disk beside it: a run that needs more
fails and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yiwang.apps.catalogue.public import OpenRelease
from yiwang.apps.vault.public import blind_index
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Mask, Resource, ResourceField, resources
from yiwang.engines.exchange.masking import mask
from yiwang.engines.exchange.quality import ROW, Judging, Outcome, judge
from yiwang.kernel.errors import Unavailable

from . import pages_kept
from .domain import settings
from .marks import pending_of

KEY = "quality sample"
"""The purpose of the blind index of a failing row's key."""
_SHORT = 12


def wanted(resource: Resource, known: Mapping[str, Resource]) -> dict[str, tuple[str, ...]]:
    """Resource → the items that a run over `resource` reads: what its rules and pending corrections need."""
    everything = tuple(one.id for one in resource.fields)
    conditions = any(rule.holds or rule.only_if for rule in resource.quality)
    own = {one for rule in resource.quality for one in rule.reads}
    own |= {one.id for one in resource.fields if one.subject_id} | set(resource.keys[:1])
    own |= {one.round.objection.field for one in pending_of(resource.id)} & set(everything)
    found = {resource.id: everything if conditions else tuple(one for one in everything if one in own)}
    for rule in resource.quality:
        if rule.compared is not None and rule.compared.resource in known:
            theirs = {*rule.compared.match.values(), *rule.compared.agree.values()}
            theirs |= set(found.get(rule.compared.resource, ()))
            of = known[rule.compared.resource].fields
            found[rule.compared.resource] = tuple(one.id for one in of if one.id in theirs)
    return found


def judge_pages(
    run: str, resource: Resource, opened: OpenRelease, counts: Mapping[str, int], *, on: dt.date
) -> tuple[list[Outcome], list[tuple[int, str | None]]]:
    """The outcome of every rule, and of every pending correction (its key) what the source says now.

    Args:
        counts: resource → how many pages of it were read.

    Raises Unavailable: not enough memory. Invalid: a rule that cannot be run.
    """
    import duckdb
    import ibis

    connection = duckdb.connect()
    try:
        connection.execute(f"SET memory_limit = '{whole(opened.catalogue, settings.MEMORY)}MB'")
        connection.execute("SET temp_directory = ''")
        connection.execute("SET threads = 2")
        for number, (name, count) in enumerate(counts.items()):
            _load(connection, f"t{number}", run, name, count)
        backend = ibis.duckdb.from_connection(connection)
        tables = {name: backend.table(f"t{number}") for number, name in enumerate(counts)}
        outcomes = judge(resource, _judging(resource, opened, tables, on))
        return outcomes, _said_now(connection, resource)
    except duckdb.OutOfMemoryException:
        mend = "请运维人员调大 quality-memory-megabytes，或减少一次检查的行数。"
        raise Unavailable("数据太多，检查用的内存不够。", mend=mend) from None
    finally:
        connection.close()


def _load(connection: Any, table: str, run: str, resource: str, count: int) -> None:
    for number, page in enumerate(pages_kept.pages(run, resource, count)):
        connection.register("page", page)
        verb = f"INSERT INTO {table}" if number else f"CREATE TABLE {table} AS"  # a name of our own
        connection.execute(f"{verb} SELECT * FROM page")  # noqa: S608
        connection.unregister("page")


def _judging(resource: Resource, opened: OpenRelease, tables: Mapping[str, Any], on: dt.date) -> Judging:
    return Judging(
        catalogue=opened.catalogue,
        resources=resources(opened.catalogue),
        tables=tables,
        on=on,
        cycle_days=settings.cycle_days(opened.catalogue, resource.cycle),
        samples=whole(opened.catalogue, settings.SAMPLES),
        conceal=conceal,
    )


def conceal(item: ResourceField, value: str) -> str:
    """The key of a row as it may be kept: masked, with a short blind index that tells two rows apart."""
    if item.mask is Mask.NONE:
        return value
    return f"{mask(value, item.mask)}（{blind_index(value, purpose=KEY)[:_SHORT]}）"


def _said_now(connection: Any, resource: Resource) -> list[tuple[int, str | None]]:
    """What the source says of records that were corrected; None when it does not know them, or says several
    things."""
    whom = [one.id for one in resource.fields if one.subject_id] or list(resource.keys[:1])
    held = {row[0] for row in connection.execute("DESCRIBE t0").fetchall()} - {ROW}
    keys = [one for one in whom if one in held]
    found: list[tuple[int, str | None]] = []
    for one in pending_of(resource.id) if keys else ():
        objection = one.round.objection
        if objection.field in held:
            mine = " OR ".join(f'"{key}" = $1' for key in keys)  # ids of ours
            query = f'SELECT DISTINCT "{objection.field}" FROM t0 WHERE {mine}'  # noqa: S608
            said = connection.execute(query, [objection.record_key]).fetchmany(2)
            found.append((one.pk, said[0][0] if len(said) == 1 else None))
    return found
