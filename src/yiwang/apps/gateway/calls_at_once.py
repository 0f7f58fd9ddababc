# SPDX-License-Identifier: Apache-2.0
"""Write calls in as few steps as the database allows (docs/decisions/0027): on PostgreSQL by one statement
that commits by itself, one trip to the server; on SQLite by bare statements.

It takes for granted that all goes as usual: every grant still in force, every nonce new, room in every
quota, the stream's head where it was left. All of that is asked in the same transaction; if one is not so,
none of it happened, and `calls_writing` decides call by call, with care.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection

from yiwang.apps.exchange import public as exchange
from yiwang.apps.journal.public import OwnStream, one_statement

from .calls_line import Line
from .models.calls import Call, CallSubject, Outcome, QuotaUse, SeenNonce
from .quota import Window, move_sql, remember_full, wanted_windows


def write_at_once(lines: Sequence[Line], stream: OwnStream) -> bool:
    """Whether the calls were written, and are on the disk; False: nothing was, decide with care.

    Raises what the database raises; Invalid for an entry that is not whole.
    """
    written = _WAYS.get(connection.vendor)
    if written is None or connection.in_atomic_block or not stream.known:
        return False
    if any(line.keep is not None for line in lines):
        return False
    chain = stream.chain([line.entry() for line in lines])
    for line, entry in zip(lines, chain.rows, strict=True):
        line.call.stream, line.call.seq = stream.key, entry["seq"]
    connection.ensure_connection()
    with connection.wrap_database_errors:
        full = written(connection.connection, {**_asked(lines), **one_statement.chain_rows(chain)})
    if full is None:
        return False
    stream.written(chain)
    remember_full([line.spend for line in lines if line.spend is not None], full)
    return True


def _on_postgresql(server: Any, asked: Mapping[str, Any]) -> set[Window] | None:
    """Run the statement; the windows that are full now, or None if something was not as usual."""
    from psycopg import Cursor, errors  # not ours to import where the database is SQLite

    server.prepare_threshold = 0  # Django turns prepared statements off; this one is worth it
    with Cursor(server) as cursor:
        try:
            cursor.execute(_statement(), [one_statement.document(asked)], prepare=True)
            ((_, full),) = cursor.fetchall()
        except errors.DivisionByZero:
            return None
    return {(grant, window) for grant, window in json.loads(full)}


def _on_sqlite(file: Any, asked: Mapping[str, Any]) -> set[Window] | None:
    """The same in one transaction of bare statements."""
    file.execute("BEGIN IMMEDIATE")
    try:
        full = _stored(file, asked)
    except BaseException:
        file.execute("ROLLBACK")
        raise
    file.execute("ROLLBACK" if full is None else "COMMIT")
    return full


def _stored(file: Any, asked: Mapping[str, Any]) -> set[Window] | None:
    still = exchange.still_granted_sql(", ".join("?" * len(asked["grants"])))
    if len(file.execute(still, asked["grants"]).fetchall()) < len(asked["grants"]):
        return None
    for nonce in one_statement.bare(asked["nonces"]):
        if not file.execute(one_statement.insert_bare(SeenNonce, _TAKE), nonce).fetchall():
            return None
    full = set()
    for row in one_statement.bare(asked["windows"]):
        ((_, _, used),) = file.execute(one_statement.insert_bare(QuotaUse, move_sql()), row).fetchall()
        if used > row["most"]:
            return None
        if used == row["most"]:
            full.add((row["grant"], row["window"]))
    if not one_statement.grow_bare(file, asked):
        return None
    for model, name in ((Call, "calls"), (CallSubject, "also")):
        if asked[name]:
            file.executemany(one_statement.insert_bare(model), one_statement.bare(asked[name]))
    return full


_TAKE = ' ON CONFLICT ("client", "nonce") DO NOTHING RETURNING 1'


def _asked(lines: Sequence[Line]) -> dict[str, Any]:
    """What is written and what is taken for granted."""
    nonces = [line.nonce for line in lines if line.nonce is not None]
    return {
        "grants": sorted({line.call.grant for line in lines if line.call.outcome == Outcome.ANSWERED}),
        "nonces": one_statement.rows_of(SeenNonce, nonces),
        "windows": [
            {"grant": grant, "window": window, "used": used, "most": most, "until": until}
            for (grant, window), used, most, until in wanted_windows(
                [line.spend for line in lines if line.spend is not None]
            )
        ],
        "calls": one_statement.rows_of(Call, [line.call for line in lines]),
        "also": [row for line in lines for row in line.others()],
    }


@cache
def _statement() -> str:
    """The statement. In the order in which its parts depend on each other: who waits for a nonce holds
    no quota, as in `calls_writing`."""
    quota = f'"{QuotaUse._meta.db_table}"'
    types = one_statement.types_of(QuotaUse)
    columns = ", ".join(f'"{column}"' for column in types)
    usual_so_far = _all("fresh", "nonces")
    parts = {
        "fresh": f'{one_statement.insert_part(SeenNonce, "nonces")} ORDER BY "client", "nonce"'
        ' ON CONFLICT ("client", "nonce") DO NOTHING RETURNING 1',
        "wanted": "SELECT x.* FROM "  # noqa: S608 - names of our models, no values
        + one_statement.rows_from("windows", {**types, "most": "integer"}),
        "used": f"INSERT INTO {quota} ({columns}) SELECT {columns} FROM wanted"  # noqa: S608
        f" WHERE {usual_so_far}"
        f' ORDER BY "grant", "window"{move_sql()}',
        "room": 'SELECT "grant", "window", used.used, most FROM used JOIN wanted USING ("grant", "window")',
        "still": exchange.still_granted_sql("SELECT jsonb_array_elements_text(it->'grants') FROM given"),
        **one_statement.chain_parts(),
        "calls": one_statement.insert_part(Call, "calls"),
        "also": one_statement.insert_part(CallSubject, "also"),
    }
    usual = " AND ".join(
        [
            usual_so_far,
            _all("room", "windows"),
            "NOT EXISTS (SELECT 1 FROM room WHERE used > most)",
            _all("still", "grants"),
            "EXISTS (SELECT 1 FROM moved)",
        ]
    )
    full = 'SELECT jsonb_agg(jsonb_build_array("grant", "window")) FROM room WHERE used >= most'
    named = ", ".join([one_statement.GIVEN, *(f"{name} AS ({sql})" for name, sql in parts.items())])
    return f"WITH {named} SELECT 1 / (CASE WHEN {usual} THEN 1 ELSE 0 END), coalesce(({full}), '[]')"


def _all(part: str, given: str) -> str:
    """Whether a part has as many rows as the document asked of it."""
    return f"(SELECT count(*) FROM {part}) = (SELECT jsonb_array_length(it->'{given}') FROM given)"  # noqa: S608


_WAYS = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}
