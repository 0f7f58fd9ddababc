# SPDX-License-Identifier: Apache-2.0
"""`yiwang serve`: it starts only when it can serve, and stops without breaking anything off."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.deployed import Deployed

ID_NUMBER, PHONE = "411702198503040118", "13912345678"
TOKEN = "a-token-for-monitoring-only"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """A deployment after `yiwang setup`; tests that change it put it right again."""
    made = Deployed(tmp_path_factory.mktemp("ready"))
    code, out, err = made.run("setup")
    assert (code, out, err) == (0, "数据库已就绪。\n", "")
    return made


def refused(deployed: Deployed, *arguments: str, **settings: str) -> str:
    """What a start is refused with."""
    code, _, err = deployed.run("serve", "--check", *arguments, **settings)
    assert code != 0
    assert "Traceback" not in err
    return err


def test_what_is_sound_may_start_and_says_what_is_still_missing(ready: Deployed) -> None:
    code, out, err = ready.run("serve", "--check")
    assert (code, out) == (0, "可以启动。\n")
    assert err.splitlines() == [
        "注意：事项目录还没有发布，网站上没有可办的事。请运行 yiwang release draft，由另一人复核后发布。"
    ]


def test_setting_up_twice_and_at_once_does_no_harm(tmp_path: Path) -> None:
    deployed = Deployed(tmp_path)
    both = [deployed.begin("setup") for _ in range(2)]
    for one in both:
        out, err = one.communicate(timeout=120)
        assert (one.returncode, out, err) == (0, "数据库已就绪。\n", "")


def test_before_the_set_up_it_says_what_to_run(tmp_path: Path) -> None:
    assert "请先运行 yiwang setup" in refused(Deployed(tmp_path))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"WORKERS": "many", "WROKERS": "2"}, ["YIWANG_WORKERS=many", "YIWANG_WROKERS：没有这个设置"]),
        ({"DATABASE_URL": "postgresql://me:hunter2@127.0.0.1:1/city"}, ["连不上数据库 city"]),
        ({"DEBUG": "1", "BIND": "0.0.0.0:8000"}, ["调试模式不能在 0.0.0.0:8000 对外服务"]),
    ],
)
def test_a_wrong_setting_is_told(settings: dict[str, str], says: list[str], ready: Deployed) -> None:
    told = refused(ready, **settings)
    assert [one for one in says if one not in told] == []
    assert "hunter2" not in told


def test_a_data_directory_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "不能写" in refused(Deployed(tmp_path), DATA_DIR=str(tmp_path / "file" / "data"))


def test_an_address_that_is_taken(ready: Deployed) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert f"不能监听 {address}" in refused(ready, "--bind", address)


def change(served: Deployed, *statements: str) -> None:
    """Change a database behind the platform's back."""
    database = sqlite3.connect(served.data / "yiwang.sqlite3", timeout=30)
    with database:
        for statement in statements:
            database.execute(statement)
    database.close()


_TAKE = "DELETE FROM django_migrations WHERE app = '{0}' AND name = '{1}'"
_ADD = "INSERT INTO django_migrations (app, name, applied) VALUES ('{0}', '{1}', '2030-01-01')"


@pytest.mark.parametrize(
    ("before", "after", "migration", "says"),
    [
        (_TAKE, _ADD, ("sessions", "0001_initial"), "没有升级：差 1 步"),
        (_ADD, _TAKE, ("casework", "0999_future"), "数据库比程序新（casework.0999_future）"),
    ],
)
def test_a_database_of_another_version(
    before: str, after: str, migration: tuple[str, str], says: str, ready: Deployed
) -> None:
    change(ready, before.format(*migration))
    try:
        assert says in refused(ready)
    finally:
        change(ready, after.format(*migration))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "yiwang.sqlite3").write_bytes(b"no database" * 1000)
    assert "打不开" in refused(Deployed(tmp_path))


# -- a server that runs


@pytest.fixture
def served(ready: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """A running server that logs everything it ever logs."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # what a killed server leaves
    made = Deployed(ready.data, settings={"LOG_LEVEL": "DEBUG", "ACCESS_LOG": "1", "METRICS_TOKEN": TOKEN})
    (ready.data / "server.log").unlink(missing_ok=True)
    made.start()
    yield made
    made.kill()


def log_of(served: Deployed) -> str:
    """What the server logged."""
    return (served.data / "server.log").read_text(encoding="utf-8")


def half_a_call(served: Deployed, body: bytes) -> socket.socket:
    """A connection whose request has arrived but for its last byte."""
    connection = socket.create_connection(("127.0.0.1", served.port), timeout=30)
    head = (
        f"POST /api/plans HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    connection.sendall(head.encode() + body[:-1])
    return connection


def read_all(connection: socket.socket) -> str:
    """Everything until the other side closes."""
    with connection, connection.makefile("rb") as answer:
        return answer.read().decode()


def test_a_request_that_runs_is_finished_before_the_server_ends(served: Deployed) -> None:
    body = json.dumps({"life_event": "x", "answers": {}}).encode()
    connection = half_a_call(served, body)
    assert served.call("GET", "/healthz")[0] == 200  # by the other process: ours waits for the body
    process = served.process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    connection.sendall(body[-1:])
    answer = read_all(connection)
    assert answer.startswith("HTTP/1.1 503")
    told = json.loads(answer.partition("\r\n\r\n")[2])
    assert told["message"] == "事项目录还没有发布。"  # an answer of ours, whole
    assert process.wait(20) == 0
    served.process = None
    with pytest.raises(ConnectionError):
        served.call("GET", "/healthz")


def test_it_tells_whether_it_lives_whether_it_can_serve_and_how_much_waits(served: Deployed) -> None:
    assert served.call("GET", "/healthz") == (200, "ok\n")
    assert served.call("GET", "/readyz") == (503, {"database": True, "catalogue": False})
    assert served.call("GET", "/metrics")[0] == 404
    assert served.call("GET", "/metrics", headers={"Authorization": "Bearer wrong"})[0] == 404
    asked = 8
    for _ in range(asked):
        assert served.call("GET", "/nowhere")[0] == 404
    status, text = served.call("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert status == 200
    # Both processes answered some; the count is of all.
    counted = re.search(r'yiwang_http_responses_total\{method="GET",status="404"\} ([0-9.]+)', text)
    assert counted
    assert float(counted[1]) == asked + 2
    assert "yiwang_outbox_waiting 0.0" in text


def test_nothing_that_somebody_sends_reaches_the_log(served: Deployed) -> None:
    form = f"username={ID_NUMBER}&password={PHONE}&id={ID_NUMBER}"
    calls = [
        ("GET", f"/nowhere?id={ID_NUMBER}&phone={PHONE}", None),
        ("GET", f"/{ID_NUMBER}/{PHONE}", None),
        ("POST", "/login", {"username": ID_NUMBER, "password": PHONE}),
        ("POST", "/api/plans", {"life_event": ID_NUMBER, "answers": {"phone": PHONE}}),
        ("POST", f"/api/applications?id={ID_NUMBER}", {"form": {"id": ID_NUMBER}}),
        ("POST", "/elder", form),
    ]
    statuses = [served.call(method, path, body)[0] for method, path, body in calls]
    assert statuses == [404, 404, 403, 503, 401, 403]
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(f"{ID_NUMBER} / HTTP/1.1\r\nX: {PHONE}\r\n\r\n".encode())
        connection.recv(4096)
    change(served, "ALTER TABLE catalogue_release RENAME TO gone")
    try:
        status, answer = served.call("POST", "/api/plans", {"life_event": ID_NUMBER, "answers": {}})
    finally:
        change(served, "ALTER TABLE gone RENAME TO catalogue_release")
    assert status == 503
    assert answer["message"] == "系统暂时不能用。"
    log = log_of(served)
    assert "no such table: catalogue_release" in log  # the fault itself is there, with its traceback
    assert "GET /nowhere 404" in log
    assert "Not Found: /〔已隐去〕/〔已隐去〕" in log
    assert ID_NUMBER not in log
    assert PHONE not in log
    assert "?" not in re.sub(r"[^\n]*\bDEBUG\b[^\n]*", "", log)
