# SPDX-License-Identifier: Apache-2.0
"""The connector of HTTP services, against one that misbehaves in every way."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from yiwang.apps.gateway.adapters.network import may_be_asked
from yiwang.apps.gateway.public import (
    Connector,
    Query,
    SourceDown,
    SourceMalformed,
    SourceSlow,
    SourceTooLarge,
)
from yiwang.kernel.errors import Invalid

from .served_rows import Behave, Handler, drip, rows, serving
from .sourcing import connector, limits, soon

ROW = {"person": {"id": "A1", "name": "王甲"}, "n": 3}


def made(url: str, folder: Path, *, secret: dict[str, str] | None = None, **changes: Any) -> Connector:
    config = {
        "url": url, "rows": "data.rows", "parameters": {"person-id": "sfzh"}, "headers": {"X-App": "yiwang"},
        "columns": {"person-id": "person.id", "person-name": "person.name", "months": "n"},
    }  # fmt: skip
    return connector("http", config | changes, limits(folder, most_bytes=2_000), **(secret or {}))


def ask(source: Connector, seconds: float = 2.0, limit: int = 5) -> list[dict[str, Any]]:
    query = Query(("person-name", "months", "person-id"), {"person-id": "A1"}, limit)
    try:
        return source.fetch(query, deadline=soon(seconds))
    finally:
        source.close()


def test_keys_go_into_the_body_and_secrets_into_headers(tmp_path: Path) -> None:
    with serving(rows(ROW)) as (url, seen):
        found = ask(made(url, tmp_path, secret={"Authorization": "Bearer s3cret"}))
    assert found == [{"person-name": "王甲", "months": 3, "person-id": "A1"}]
    assert seen[0]["body"] == {"sfzh": "A1"}
    assert seen[0]["path"] == "/query"
    assert seen[0]["headers"]["Authorization"] == "Bearer s3cret"
    assert seen[0]["headers"]["X-App"] == "yiwang"


def status(code: int, **headers: str) -> Behave:
    return lambda handler: handler.reply(b"{}", status=code, **headers)


def content(data: bytes, kind: str = "application/json") -> Behave:
    return lambda handler: handler.reply(data, kind=kind)


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (status(302, Location="http://127.0.0.1/elsewhere"), SourceMalformed),
        (status(307, Location="http://169.254.169.254/latest"), SourceMalformed),
        (status(500), SourceDown),
        (status(503), SourceDown),
        (status(401), SourceMalformed),
        (status(204), SourceMalformed),
        (content(b"<html>", "text/html"), SourceMalformed),
        (content(b'{"data":{"rows":[]}}', "text/plain"), SourceMalformed),
        (content(b""), SourceMalformed),
        (content(b"{"), SourceMalformed),
        (content(b"NaN"), SourceMalformed),
        (content(b"[" * 1_900), SourceMalformed),
        (content(b'{"data":{"rows":{"a":1}}}'), SourceMalformed),
        (content(b'{"data":{"rows":[1]}}'), SourceMalformed),
        (content(b'{"data":[]}'), SourceMalformed),
        (content("\udcff".encode("utf-8", "surrogatepass")), SourceMalformed),
        (content(b'{"x":"' + b"a" * 3_000 + b'"}'), SourceTooLarge),
        (rows(*[ROW] * 6), SourceTooLarge),
        (lambda handler: handler.connection.shutdown(2), SourceDown),
    ],
)
def test_what_is_no_right_answer_is_refused(tmp_path: Path, behave: Behave, error: type[Exception]) -> None:
    with serving(behave) as (url, seen), pytest.raises(error):
        ask(made(url, tmp_path))
    assert len(seen) <= 1  # nobody is asked twice, nor somebody else


def test_an_answer_without_an_end_is_cut_off_at_its_limit(tmp_path: Path) -> None:
    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" " * 1_000)
        except OSError:
            handler.close_connection = True

    with serving(endless) as (url, _), pytest.raises(SourceTooLarge):
        ask(made(url, tmp_path))


@pytest.mark.parametrize("behave", [lambda handler: time.sleep(0.4), drip])
def test_silence_and_dripping_end_at_the_deadline(tmp_path: Path, behave: Behave) -> None:
    with serving(behave) as (url, _), pytest.raises(SourceSlow):
        ask(made(url, tmp_path), 0.1)


def test_nobody_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceDown):
        ask(made("http://127.0.0.1:1/query", tmp_path))


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/x", "http://data.example.gov.cn/", "ftp://127.0.0.1/", "https://u:p@127.0.0.1/", "https:///x",
     "https://a/?id=1", "https://a/#x", "https://a/ b", "https://a/\r\nX: y", "https://a:99999/", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_has_to_be_https_without_extras(tmp_path: Path, url: str) -> None:
    with pytest.raises(Invalid):
        made(url, tmp_path)


@pytest.mark.parametrize(
    "headers",
    [{"X-A": "a\r\nX-B: b"}, {"X-A\r\nX-B": "b"}, {"X A": "b"}, {"Host": "elsewhere"}, {"X-A": "a\0"},
     {"content-length": "0"}, {"X-A": "\u4e2d"}, {"X-A": ""}, {"Transfer-Encoding": "chunked"}],
)  # fmt: skip
def test_a_header_cannot_become_another_one(tmp_path: Path, headers: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        made("https://data.example.gov.cn/q", tmp_path, headers=headers)
    with pytest.raises(Invalid):
        made("https://data.example.gov.cn/q", tmp_path, secret=headers)


@pytest.mark.parametrize("text", ["A1\r\nX-Evil: 1", "A1\nGET / HTTP/1.1", '","admin":true,"x":"', "王👍"])
def test_a_key_is_only_ever_a_value(tmp_path: Path, text: str) -> None:
    with serving(rows()) as (url, seen):
        source = made(url, tmp_path)
        source.fetch(Query(("person-name",), {"person-id": text}, 1), deadline=soon())
        source.close()
    assert seen[0]["body"] == {"sfzh": text}
    assert "X-Evil" not in seen[0]["headers"]


@pytest.mark.parametrize(
    ("address", "loopback", "may"),
    [("10.1.2.3", False, True), ("127.0.0.1", False, False), ("::1", False, False), ("127.0.0.1", True, True),
     ("10.1.2.3", True, False), ("169.254.169.254", False, False), ("fe80::1%eth0", False, False),
     ("0.0.0.0", False, False), ("::ffff:127.0.0.1", False, False), ("224.0.0.1", False, False)],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_link_are_not_asked(
    address: str, loopback: bool, may: bool
) -> None:
    assert may_be_asked(address, loopback=loopback) is may


def test_a_name_that_leads_back_to_this_machine_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 443))])
    with pytest.raises(SourceDown, match="不许"):
        ask(made("https://data.example.gov.cn/query", tmp_path))


def test_it_turns_pages_as_the_service_says(tmp_path: Path) -> None:
    def pages(handler: Handler) -> None:
        start = int(handler.seen[-1]["body"]["from"] or 0)
        found = [{"person": {"id": f"A{n}"}} for n in range(start, min(start + 2, 5))]
        on = str(start + 2) if start + 2 < 5 else None
        handler.reply(json.dumps({"data": {"rows": found}, "next": on}).encode())

    with serving(pages) as (url, _):
        source = made(url, tmp_path, page="from", next_page="next")
        found = list(source.stream(("person-id",), after=None, size=2, deadline=soon()))
        again = list(source.stream(("person-id",), after=found[0].after, size=2, deadline=soon()))
        source.close()
    assert [row["person-id"] for page in found for row in page.rows] == ["A0", "A1", "A2", "A3", "A4"]
    assert again == found[1:]


def test_pages_that_stand_still_are_refused(tmp_path: Path) -> None:
    def stuck(handler: Handler) -> None:
        handler.reply(json.dumps({"data": {"rows": [{"person": {"id": "A"}}]}, "next": "same"}).encode())

    with serving(stuck) as (url, _):
        source = made(url, tmp_path, page="from", next_page="next")
        with pytest.raises(SourceMalformed):
            list(source.stream(("person-id",), after=None, size=2, deadline=soon()))
        source.close()
