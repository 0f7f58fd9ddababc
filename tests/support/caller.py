# SPDX-License-Identifier: Apache-2.0
"""One call of the access matrix: who asks, what came back, what was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction

from support.access_map import Way
from support.matrix import BODIES, FORM, QUERIES, World
from support.quiet_client import QuietClient

_TYPED = urlencode(FORM)


@dataclass
class Answer:
    """What came back: status, text, whether anything in the rooms changed."""

    status: int
    text: str
    location: str
    written: list[str]

    @property
    def core(self) -> str:
        """The part of a page that answers; the frame round it carries tokens and names."""
        found = re.search(r"<main.*?</main>", self.text, re.S)
        return found[0] if found else self.text

    def addresses(self) -> list[str]:
        """Every address in it: of links, forms, pictures, and where it sends the browser."""
        return [self.location, *map(unescape, re.findall(r'(?:href|action|src)="([^"]*)"', self.text))]


class Caller:
    """A browser (or program) of one persona; every call is undone after its answer.

    So the same call gets the same answer again, and is not made twice.
    """

    def __init__(self, world: World, persona: str) -> None:
        self._world = world
        self._client = QuietClient(world.city.account(persona) if persona in world.city.logins else None)
        if persona not in world.answers:
            world.answers.clear()  # one persona is tried after the other
        self._answers = world.answers.setdefault(persona, {})

    def call(self, way: Way, method: str, values: dict[str, str]) -> Answer:
        """One call; what the answer was and which tables it wrote to."""
        asked = (way.path, method, way.url(values))
        if asked not in self._answers:
            self._answers[asked] = self._call(way, method, values)
        return self._answers[asked]

    def _call(self, way: Way, method: str, values: dict[str, str]) -> Answer:
        with transaction.atomic(), writes() as written:
            found = self._send(way, method, values)
            body = b"".join(found) if found.streaming else found.content
            transaction.set_rollback(True)
        return Answer(
            found.status_code, body.decode(errors="replace"), found.headers.get("Location", ""), written
        )

    def _send(self, way: Way, method: str, values: dict[str, str]) -> Any:
        url = way.url(values)
        if method == "GET":
            return self._client.get(url, QUERIES.get(way.name, {}))
        if way.is_api:
            headers = {"Idempotency-Key": "matrix-of-access"}
            body = BODIES.get(way.name) or self._world.api_body
            return self._client.post(url, body, content_type="application/json", headers=headers)
        queries = QUERIES.get(way.name, {})
        return self._client.post(url, _TYPED, "application/x-www-form-urlencoded", query_params=queries)


_WRITE = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.I)
_ALLOWED = ("django_session", "journal_", "axes_")
"""Tables that a refused call may write to: who asked is remembered."""


@contextmanager
def writes() -> Iterator[list[str]]:
    """The tables written to inside the block, but for sessions and the journal."""
    found: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        written = _WRITE.match(sql)
        if written and not written[1].startswith(_ALLOWED):
            found.append(written[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found
