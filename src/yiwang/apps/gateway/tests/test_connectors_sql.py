# SPDX-License-Identifier: Apache-2.0
"""The connector of databases: what is asked, what is refused, what cannot be slipped in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yiwang.apps.gateway.public import (
    Connector,
    Query,
    SourceDown,
    SourceMalformed,
    SourceSlow,
    SourceTooLarge,
)
from yiwang.kernel.errors import Invalid

from .sourcing import COLUMNS, FIELDS, connector, limits, number, people, soon, sqlite_file

ATTACKS = ["' OR 1=1 --", '" OR "1"="1', "'; DROP TABLE people; --", "%", "_", "1 UNION SELECT 1", "\\", "👍"]


@pytest.fixture
def source(tmp_path: Path) -> Connector:
    return connector("sql", sqlite_file(tmp_path / "people.sqlite3", people(25)), limits(tmp_path))


def ask(source: Connector, value: Any, key: str = "person-id", limit: int = 5) -> list[dict[str, Any]]:
    return source.fetch(Query(("person-name", key), {key: value}, limit), deadline=soon())


def test_it_answers_with_the_row_of_the_key(source: Connector) -> None:
    assert ask(source, number(7)) == [{"person-name": "王丁7", "person-id": number(7)}]
    assert ask(source, number(99)) == []


@pytest.mark.parametrize("text", ATTACKS)
def test_a_key_is_only_ever_a_value(source: Connector, text: str) -> None:
    assert ask(source, text) == []
    assert len(ask(source, number(1))) == 1


def test_a_key_that_the_database_cannot_hold_is_the_callers_fault(source: Connector) -> None:
    for value in (2**80, "\ud800", b"x", object()):
        try:
            assert ask(source, value) == []
        except Invalid:
            continue


def test_without_keys_nothing_is_asked(source: Connector) -> None:
    with pytest.raises(Invalid):
        source.fetch(Query(("phone",), {}, 5), deadline=soon())


@pytest.mark.parametrize("name", ['a"; DROP TABLE people', "a]b", "a b", "", "1a", "a" * 64, "a.b", "名\n名"])
def test_names_of_columns_and_tables_are_checked(tmp_path: Path, name: str) -> None:
    good = sqlite_file(tmp_path / "people.sqlite3", [])
    for part in ({"table": name}, {"columns": COLUMNS | {"phone": name}}, {"schema": name}):
        with pytest.raises(Invalid, match="登记有误"):
            connector("sql", good | part, limits(tmp_path))


def test_what_is_not_registered_is_not_asked(source: Connector) -> None:
    with pytest.raises(SourceMalformed):
        source.fetch(Query(("phone",), {"people": "x"}, 5), deadline=soon())
    with pytest.raises(SourceMalformed):
        source.fetch(Query(("sqlite_version",), {"person-id": "x"}, 5), deadline=soon())


def test_a_column_that_is_not_there_is_told_and_not_taken_for_a_text(tmp_path: Path) -> None:
    config = sqlite_file(tmp_path / "people.sqlite3", people(2))
    source = connector("sql", config | {"columns": COLUMNS | {"phone": "no_such"}}, limits(tmp_path))
    with pytest.raises(SourceMalformed):
        source.fetch(Query(("phone",), {"person-id": number(1)}, 5), deadline=soon())


def test_nothing_can_be_written(source: Connector, tmp_path: Path) -> None:
    before = (tmp_path / "people.sqlite3").read_bytes()
    ask(source, "x'; DELETE FROM people; --")
    assert (tmp_path / "people.sqlite3").read_bytes() == before


def test_more_rows_than_wanted_are_refused_rather_than_cut(tmp_path: Path) -> None:
    rows = [row | {"person-name": "王同名"} for row in people(8)]
    source = connector("sql", sqlite_file(tmp_path / "p.sqlite3", rows), limits(tmp_path))
    assert len(ask(source, "王同名", "person-name", limit=8)) == 8
    with pytest.raises(SourceTooLarge):
        ask(source, "王同名", "person-name", limit=7)


def test_an_answer_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    rows = [people(1)[0] | {"note": "长" * 900_000}]
    source = connector("sql", sqlite_file(tmp_path / "p.sqlite3", rows), limits(tmp_path))
    with pytest.raises(SourceTooLarge):
        source.fetch(Query(("note",), {"person-id": number(0)}, 5), deadline=soon())


def test_a_slow_statement_is_stopped(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "slow.sqlite3")) as db, db:
        db.execute(
            "CREATE VIEW people AS WITH RECURSIVE n(i) AS"
            " (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 900000000) SELECT max(i) AS person_id FROM n"
        )
    config = {"dialect": "sqlite", "path": "slow.sqlite3", "table": "people", "order": "person-id"}
    source = connector("sql", config | {"columns": {"person-id": "person_id"}}, limits(tmp_path))
    with pytest.raises(SourceSlow):
        source.fetch(Query(("person-id",), {"person-id": 1}, 5), deadline=soon(0.1))


@pytest.mark.parametrize(
    "path", ["../people.sqlite3", "/etc/passwd", "a/../../x", "", ".hidden/x", "a\0b", "~/x"]
)
def test_a_path_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(Invalid):
        connector("sql", sqlite_file(tmp_path / "p.sqlite3", []) | {"path": path}, limits(tmp_path))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    config = sqlite_file(tmp_path / "outside" / "people.sqlite3", people(1))
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "people.sqlite3").symlink_to(tmp_path / "outside" / "people.sqlite3")
    (inside / "folder").symlink_to(tmp_path / "outside")
    for path in ("people.sqlite3", "folder/people.sqlite3"):
        with pytest.raises(SourceDown):
            ask(connector("sql", config | {"path": path}, limits(inside)), number(0))


def test_it_streams_every_row_once_whatever_the_size_of_a_page(source: Connector) -> None:
    for size in (1, 4, 25, 100):
        found = [
            row for page in source.stream(FIELDS, after=None, size=size, deadline=soon()) for row in page.rows
        ]
        assert sorted(row["person-id"] for row in found) == sorted(number(n) for n in range(25))


def test_it_goes_on_behind_any_page(source: Connector) -> None:
    whole = list(source.stream(("person-id",), after=None, size=4, deadline=soon()))
    for place, page in enumerate(whole):
        rest = list(source.stream(("person-id",), after=page.after, size=4, deadline=soon()))
        assert rest == whole[place + 1 :]


@pytest.mark.parametrize("order", [[None, "a"], ["a", "a", "b"]])
def test_an_order_that_would_lose_rows_is_refused(tmp_path: Path, order: list[Any]) -> None:
    with closing(sqlite3.connect(tmp_path / "p.sqlite3")) as db, db:
        db.execute("CREATE TABLE people (k)")
        db.executemany("INSERT INTO people VALUES (?)", [[one] for one in order])
    config = {
        "dialect": "sqlite",
        "path": "p.sqlite3",
        "table": "people",
        "order": "k",
        "columns": {"k": "k"},
    }
    with pytest.raises(SourceMalformed):
        list(connector("sql", config, limits(tmp_path)).stream(("k",), after=None, size=1, deadline=soon()))


def test_numbers_and_text_in_the_order_are_kept_apart(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "p.sqlite3")) as db, db:
        db.execute("CREATE TABLE people (k)")
        db.executemany("INSERT INTO people VALUES (?)", [[n] for n in (1, 2, 10, 20, 100)])
    config = {
        "dialect": "sqlite",
        "path": "p.sqlite3",
        "table": "people",
        "order": "k",
        "columns": {"k": "k"},
    }
    source = connector("sql", config, limits(tmp_path))
    found = [
        row["k"] for page in source.stream(("k",), after=None, size=2, deadline=soon()) for row in page.rows
    ]
    assert found == [1, 2, 10, 20, 100]


def test_a_database_elsewhere_is_asked_over_tls_only(tmp_path: Path) -> None:
    config = {
        "dialect": "postgresql", "host": "10.1.2.3", "database": "d", "user": "u", "table": "t",
        "columns": {"k": "k"}, "order": "k", "tls": "disable",
    }  # fmt: skip
    with pytest.raises(Invalid, match="加密"):
        connector("sql", config, limits(tmp_path))
    connector("sql", config, limits(tmp_path, plain_hosts=frozenset({"10.1.2.3"})))


def test_a_server_that_is_gone_is_told_at_once(tmp_path: Path) -> None:
    source = connector(
        "sql",
        {"dialect": "postgresql", "host": "127.0.0.1", "port": 1, "database": "d", "user": "u", "table": "t",
         "columns": {"k": "k"}, "order": "k", "tls": "disable"},
        limits(tmp_path),
    )  # fmt: skip
    with pytest.raises(SourceDown):
        source.fetch(Query(("k",), {"k": "x"}, 1), deadline=soon())


@pytest.mark.storage
@pytest.mark.django_db(transaction=True)
def test_postgresql_does_the_same(tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the house does not run on PostgreSQL in this run")
    given = connection.get_connection_params()
    at = {
        "host": given["host"],
        "port": int(given["port"]),
        "database": given["dbname"],
        "user": given["user"],
    }
    config = at | {
        "dialect": "postgresql",
        "table": "源",
        "columns": COLUMNS,
        "order": "person-id",
        "tls": "disable",
    }
    with connection.cursor() as cursor:
        names = ", ".join(f"{name} text" for name in COLUMNS.values())
        cursor.execute(f'CREATE TABLE "源" ({names.replace("months text", "months int")})')
        for row in people(25):
            cursor.execute(
                f'INSERT INTO "源" VALUES ({", ".join(["%s"] * len(FIELDS))})', [row[f] for f in FIELDS]
            )
    source = connector(
        "sql", config, limits(tmp_path, total_seconds=0.3), password=given.get("password") or ""
    )
    try:
        assert ask(source, number(7)) == [{"person-name": "王丁7", "person-id": number(7)}]
        for text in ATTACKS:
            assert ask(source, text) == []
        for bad in ("\0", "x"):
            with pytest.raises(Invalid):
                source.fetch(Query(("months",), {"months": bad}, 5), deadline=soon())
        for size in (1, 4, 25, 100):
            pages = source.stream(FIELDS, after=None, size=size, deadline=soon())
            found = [row for page in pages for row in page.rows]
            assert [row["person-id"] for row in found] == sorted(number(n) for n in range(25))
            assert found[0]["note"] is None
        with connection.cursor() as cursor:
            cursor.execute('CREATE VIEW "慢" AS SELECT person_id, pg_sleep(5)::text FROM "源"')
        slow = connector(
            "sql",
            config | {"table": "慢", "columns": {"person-id": "person_id", "note": "pg_sleep"}},
            limits(tmp_path, total_seconds=0.3),
        )
        with pytest.raises((SourceSlow, SourceMalformed)):
            slow.fetch(Query(("note",), {"person-id": number(1)}, 5), deadline=soon())
        slow.close()
    finally:
        source.close()
        with connection.cursor() as cursor:
            cursor.execute('DROP VIEW IF EXISTS "慢"')
            cursor.execute('DROP TABLE "源"')
