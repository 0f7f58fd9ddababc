# SPDX-License-Identifier: Apache-2.0
"""Bad input everywhere: a clear answer in Chinese, never a fault, nothing changed that should not.

The first part sends rubbish into every form, query and path that the pages have, found by reading
them. The second part says what is expected of particular mistakes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve

from support import city as small
from support.access_map import ways
from support.claims import Claims
from support.matrix import DRAFT, OWN, PERSONAL, QUERIES, World, make_world
from support.quiet_client import QuietClient, refusals_unsaid
from support.rubbish import RUBBISH, SCRIPT, FoundForm, Page, in_path, page_of, rubbish_for
from support.standing import standing
from yiwang.apps.casework import public as casework
from yiwang.apps.identity.public import issue_token
from yiwang.kernel.actor import system

pytestmark = pytest.mark.django_db
WORKERS = (
    *("owner", "counter", "representative", "catalogue", "auditor", "operator"),
    *("data", "custodian", "seals"),
)
HIDDEN_TOO = ("nothing", "a null byte", "half a character", "very long", "a huge number", "a negative number")
Pages = dict[tuple[str, str], Page]
"""Who read which address → what they found."""
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all; every call in it is undone."""
    with standing(django_db_blocker), small.definitions_read_once(), refusals_unsaid():
        yield make_world()


@pytest.fixture(scope="module")
def read() -> Pages:
    """The pages that were read already."""
    return {}


class Sender:
    """Somebody who sends rubbish; every call is undone."""

    def __init__(self, world: World, persona: str, pages: Pages) -> None:
        self.client = QuietClient(world.city.account(persona) if persona in world.city.logins else None)
        self.wrong, self.persona, self.pages = list[str](), persona, pages

    def read(self, address: str) -> Page:
        """A page, read once by this persona."""
        if (self.persona, address) not in self.pages:
            answer = self.client.get(address)
            text = words_of(answer) if answer.status_code == 200 else ""
            self.pages[self.persona, address] = page_of(text, address)
        return self.pages[self.persona, address]

    def send(self, what: str, method: str, address: str, body: bytes = b"") -> None:
        """Send, and note what is wrong with the answer."""
        with transaction.atomic():
            answer = self.client.generic(method, address, body, "application/x-www-form-urlencoded")
            text = words_of(answer)
            transaction.set_rollback(True)
        said = f"{method} {address[:120]} with {what}: {answer.status_code}"
        if answer.status_code >= 500:
            self.wrong.append(said)
        if 400 <= answer.status_code < 500 and answer.status_code != 405 and not CHINESE.search(text):
            self.wrong.append(f"{said}, not in Chinese: {text[:80]!r}")
        if SCRIPT in text:
            self.wrong.append(f"{said}, the script is in the page")


def words_of(answer: Any) -> str:
    """What a person or program reads in an answer."""
    body = b"".join(answer) if answer.streaming else answer.content
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return json.dumps(json.loads(body), ensure_ascii=False)
    return str(body.decode(errors="replace"))


def pages(world: World, persona: str) -> Iterator[tuple[str, str]]:
    """The names and addresses of what the persona may open, with every kind of thing in them."""
    for way in ways():
        if way.is_api or way.access is None or not way.access.allows(world.city[persona]):
            continue
        query = QUERIES.get(way.name, {})
        for whose in (DRAFT, OWN) if PERSONAL & set(way.parameters) else (OWN,):
            values = world.parameters(whose)
            if set(way.parameters) <= set(values):
                yield way.name, way.url(values) + (f"?{urlencode(query)}" if query else "")


# What cannot be read does not depend on who sends it: each form, page and path is tried once, by the
# first in this run to whom it opened.


@pytest.mark.storage
@pytest.mark.parametrize("persona", WORKERS, scope="module")
def test_no_form_trips_over_rubbish(world: World, claims: Claims, read: Pages, persona: str) -> None:
    sender, found = Sender(world, persona, read), 0
    for _, address in pages(world, persona):
        for form in sender.read(address).forms:
            found += form.method == "POST"
            if form.method == "POST" and claims.take("form", connection.vendor, form.shape):
                fill(sender, form)
    assert found, "no form was found: the test looked at nothing"
    assert sender.wrong == [], "\n".join(["", *sender.wrong])


def fill(sender: Sender, form: FoundForm) -> None:
    """Rubbish into every field but what nobody sees; and into that too, where there is any."""
    for what, value in rubbish_for(connection.vendor).items():
        kept = (True, False) if what in HIDDEN_TOO else (True,)
        for body in dict.fromkeys(form.filled(value, keep_hidden=one) for one in kept):
            sender.send(what, form.method, form.action, body)


@pytest.mark.storage
@pytest.mark.parametrize("persona", ["anonymous", *WORKERS], scope="module")
def test_no_query_trips_over_rubbish(world: World, claims: Claims, read: Pages, persona: str) -> None:
    sender = Sender(world, persona, read)
    for name, whole in pages(world, persona):
        address = whole.split("?")[0]
        page = sender.read(address)
        if not claims.take("query", connection.vendor, name, page.is_open, page.names):
            continue
        for what, query in queries(page.names):
            sender.send(what, "GET", f"{address}?{urlencode(query, errors='surrogatepass')}")
    assert sender.wrong == [], "\n".join(["", *sender.wrong])


def queries(own: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """What is put into the address of a page: each rubbish under every name it knows of; one of many
    kinds for a page that asks for nothing there."""
    names = sorted({*own, "after", "event", "q", "org", "check", "next", "page"})
    rubbish = {what: value[:2_000] for what, value in rubbish_for(connection.vendor).items()}
    if own:
        yield from ((what, dict.fromkeys(names, value)) for what, value in rubbish.items())
    else:
        yield (
            "many kinds",
            dict(zip(names, [rubbish[what] for what in HIDDEN_TOO if what in rubbish] * 2, strict=False)),
        )


@pytest.mark.storage
@pytest.mark.parametrize("persona", ["anonymous", *WORKERS], scope="module")
def test_no_path_trips_over_rubbish(world: World, claims: Claims, read: Pages, persona: str) -> None:
    sender = Sender(world, persona, read)
    for way in ways():
        if not way.parameters or way.access is None or not way.access.allows(world.city[persona]):
            continue
        if not claims.take("path", connection.vendor, way.name, way.path):
            continue
        for what, value in rubbish_for(connection.vendor).items():
            address = way.url(world.parameters(OWN) | {way.parameters[-1]: in_path(value)})
            if not leads(address) and not claims.take("nowhere", connection.vendor, what):
                continue  # no view is reached, whichever it was meant for
            for method in way.methods or ("GET", "POST"):
                sender.send(what, method, address)
    assert sender.wrong == [], "\n".join(["", *sender.wrong])


def leads(address: str) -> bool:
    """Whether there is a view at an address."""
    try:
        resolve(unquote(address, errors="surrogatepass"))
    except Resolver404:
        return False
    return True


# -- the API, in its own language


class Program:
    """A program that calls the API as the owner."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, Client(raise_request_exception=False)
        token = issue_token(system("测试"), world.city.logins["owner"], "坏输入", 1)
        self.headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "bad-input-test"}

    def post(
        self, body: bytes | dict[str, Any], path: str = "/api/applications"
    ) -> tuple[int, dict[str, Any]]:
        """Send a body as it is; status and JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        with transaction.atomic():
            answer = self.client.post(path, raw, content_type="application/json", headers=self.headers)
            transaction.set_rollback(True)
        return answer.status_code, json.loads(answer.content)


@pytest.fixture
def program(world: World, db: None) -> Program:
    """The owner's program."""
    return Program(world)


BODIES = {
    "no JSON": b"{",
    "another encoding": '{"life_event": "开饭馆"}'.encode("gb18030"),
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a deep list": b"[" * 100_000 + b"]" * 100_000,
    "a giant": b'{"form": {"a": "' + b"x" * 5_000_000 + b'"}}',
    "NaN": b'{"answers": {"premises-area": NaN}}',
    "a huge number": b'{"answers": {"premises-area": 1e400}}',
    "a huge integer": b'{"answers": {"premises-area": ' + b"9" * 5_000 + b"}}",
}


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("path", ["/api/applications", "/api/plans"])
def test_a_body_that_is_no_request(program: Program, what: str, path: str) -> None:
    status, said = program.post(BODIES[what], path)
    assert status in (400, 413, 422)
    assert CHINESE.search(said["message"])
    assert said["mend"]


@pytest.mark.storage
@pytest.mark.parametrize("what", [name for name in RUBBISH if name not in ("nothing", "blank")])
def test_rubbish_in_every_value_of_an_application(world: World, program: Program, what: str) -> None:
    good = small.api_body(world.city)
    for field in good:
        bad = RUBBISH[what]
        value = dict.fromkeys(good[field], bad) if isinstance(good[field], dict) else bad
        status, said = program.post(good | {field: value})
        assert status in (201, 400, 403, 404, 409, 422), (field, said)
        assert status != 201 or field in ("form", "delivery_address"), (field, said)
        assert status == 201 or CHINESE.search(said["message"])


def test_an_unknown_field_is_named(world: World, program: Program) -> None:
    status, said = program.post(small.api_body(world.city) | {"colour": "red"})
    assert status == 422
    assert any("colour" in where for where, _ in said["problems"])


def test_an_element_the_form_does_not_have_is_refused(world: World, program: Program) -> None:
    body = small.api_body(world.city)
    status, said = program.post(body | {"form": body["form"] | {"no-such-element": "1"}})
    assert (status, said["field"]) == (400, "no-such-element")


def test_what_is_wrong_is_said_all_at_once(world: World, program: Program) -> None:
    body = small.api_body(world.city)
    wrong = {"resident-phone": "12345", "resident-id-number": "411702198503041233"}
    status, said = program.post(body | {"form": body["form"] | wrong})
    assert status == 400
    assert wrong.keys() <= {where for where, _ in said["problems"]}
    assert all(CHINESE.search(words) for _, words in said["problems"])


# -- particular mistakes on the pages


@pytest.fixture
def owner(world: World, db: None) -> Client:
    """The owner's browser."""
    client = Client(raise_request_exception=False)
    client.force_login(world.city.account("owner"))
    return client


def form_at(world: World) -> str:
    """Where the owner's draft is filled in."""
    return f"/applications/{world.things[DRAFT]['application']}/form"


WRONG = {
    "resident-id-number": ("411702198503041233", "41170219850230123X", "123", "四一一七〇二"),
    "resident-phone": ("1380000", "0234567890123", "电话"),
}


def test_a_form_with_too_much_text_is_refused_whole(world: World, owner: Client) -> None:
    answer = owner.post(form_at(world), {"resident-name": "长" * 1_000_000, "next": "1"})
    assert answer.status_code in (400, 413)
    assert CHINESE.search(answer.content.decode())


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, values in WRONG.items() for v in values])
def test_a_wrong_value_stays_typed_and_is_said_beside_its_field(
    world: World, owner: Client, field: str, value: str
) -> None:
    answer = owner.post(form_at(world), {field: value, "next": "1"}, follow=True)
    text = answer.content.decode()
    assert answer.status_code in (200, 400)
    assert value in text, "what was typed is gone"
    assert re.search(rf'id="[^"]*{field}[^"]*error[^"]*"|aria-invalid="true"', text)
    stored = casework.draft_view(world.city["owner"], world.things[DRAFT]["application"])
    assert field in stored.problems


@pytest.mark.storage
def test_a_double_click_hands_in_once(world: World, owner: Client) -> None:
    draft = world.things[DRAFT]["application"]
    declaration = casework.declaration_text(world.city.release).version
    typed = {"key": "k_double", "promise": "true", "declaration": declaration, "signing": "paper"}
    sent = [owner.post(f"/applications/{draft}/submit", typed) for _ in "12"]
    assert [one.headers["Location"] for one in sent] == [f"/applications/{draft}/receipt"] * 2
    mine = [row for row in casework.applications_of(world.city["owner"]) if row.id == draft]
    assert [bool(row.number) for row in mine] == [True]


def test_a_stale_form_of_an_application_handed_in_changes_nothing(world: World, owner: Client) -> None:
    application = world.things[OWN]["application"]
    before = casework.application_view(world.city["owner"], application).form
    answer = owner.post(f"/applications/{application}/form", {"resident-phone": "13900000000"}, follow=True)
    assert answer.status_code in (200, 409)
    assert casework.application_view(world.city["owner"], application).form == before


def test_after_the_session_ended_one_comes_back_to_the_same_page(world: World) -> None:
    page = form_at(world)
    answer = Client().post(
        page, {"resident-phone": "13900000000"}, headers={"Referer": f"http://testserver{page}"}
    )
    assert answer.status_code == 302
    assert quote(page, safe="") in answer.headers["Location"]


def test_a_page_without_its_mark_says_that_it_is_too_old(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.city.account("owner"))
    answer = strict.post(form_at(world), {"resident-phone": "13900000000"})
    assert answer.status_code == 403
    assert "刷新" in answer.content.decode()


FILES = {
    "nothing": ("空.pdf", b""),
    "a script named as a PDF": ("图.pdf", b"<script>alert(1)</script>"),
    "a program": ("程序.exe", b"MZ" + b"\0" * 200),
    "half a PDF": ("半.pdf", small.pdf()[:60]),
    "too large": ("大.pdf", small.pdf() + b"\n" * 12_000_000),
    "a name out of its folder": ("../../etc/passwd", b"root"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_refused_by_its_content(world: World, owner: Client, what: str) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    draft = world.things[DRAFT]["application"]
    name, content = FILES[what]
    page = f"/applications/{draft}/documents"
    material = next(m for m, d in held(world).items() if d)
    before = held(world)
    answer = owner.post(page, {material: SimpleUploadedFile(name, content), "next": "1"}, follow=True)
    assert answer.status_code in (200, 400)
    assert held(world) == before
    assert CHINESE.search(answer.content.decode())


def held(world: World) -> dict[str, list[str]]:
    """The files of the owner's draft, by document."""
    seen = casework.draft_view(world.city["owner"], world.things[DRAFT]["application"])
    return {name: [file.public_id for file in one.files] for name, one in seen.documents.items()}
