# SPDX-License-Identifier: Apache-2.0
"""Corrections to a provider's system over HTTP: signed, retried, receipted; what it says closes the loop."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from django.test import Client

from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.domain import signing
from yiwang.apps.journal.public import deliver_due, entries_of, undelivered
from yiwang.apps.notices.public import box
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.adapters.provider_http import HttpProviders
from yiwang.apps.quality.models import Correction
from yiwang.apps.quality.public import Corrected, Said, State, Way
from yiwang.apps.quality.tests.conftest import PROVIDER, City, furnished
from yiwang.apps.quality.tests.test_objections import by_person
from yiwang.engines.sealing import PublicKey
from yiwang.kernel.errors import Conflict, Invalid, Unavailable

PATH = "/api/exchange/v1/correction"
SENT = Corrected("1985-03-04", "1985-03-05", "核对过", Way.MESSAGE)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    """The city in force, on a Monday."""
    with furnished() as made_up:
        yield made_up


class Twin:
    """A provider's system in memory: believes only what the gateway signed, mends each correction once,
    answers with `says`; `fail` (a status) makes it unwell."""

    def __init__(self, key: PublicKey) -> None:
        self.key, self.taken, self.nonces = key, dict[str, dict[str, str]](), set[str]()
        self.says: dict[str, str] = {}
        self.fail = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if self.fail:
            return httpx.Response(self.fail)
        told = signing.read_signature(request.headers["Signature-Input"], request.headers["Signature"])
        signing.check_digest(request.headers["Content-Digest"], request.content)
        parts = {"@method": request.method, "@path": request.url.path}
        parts["content-digest"] = request.headers["Content-Digest"]
        good = self.key.verify(signing.base_of(told, parts.__getitem__), told.value)
        if not good or told.nonce in self.nonces:
            return httpx.Response(401)
        self.nonces.add(told.nonce)
        content = json.loads(request.content)
        assert request.headers["Idempotency-Key"] == content["id"]
        self.taken.setdefault(content["id"], content)
        return httpx.Response(200, json={"receipt": f"r-{content['id'][-6:]}", **self.says})


@pytest.fixture
def twin(settings: Any, tmp_path: Any) -> Twin:
    """The twin; it knows the gateway's public key."""
    settings.DATA_DIR = tmp_path
    return Twin(gateway.system_key()[1].public)


def nobody(_: quality.CorrectionMessage) -> quality.Reply:
    """A department without a system: must not be asked here."""
    raise AssertionError


def deliver(answer: Callable[[httpx.Request], httpx.Response]) -> None:
    """Deliver what is due."""
    system = HttpProviders(
        urls={PROVIDER: "https://gaxt.example.gov.cn/yiwang"},
        others=nobody,
        sign=gateway.sign_request,
        seconds=quality.correction_seconds,
        transport=httpx.MockTransport(answer),
    )
    handlers = {quality.CORRECTION_TOPIC: quality.deliver_correction(system.carry)}
    deliver_due(handlers, give_up_after=dt.timedelta(days=1))


def corrected(city: City) -> str:
    """An objection that the provider found right; the correction waits to go."""
    made = by_person(city)
    quality.answer_objection(city.provider, made, SENT)
    return made


def seen(city: City, objection: str) -> quality.CorrectionView:
    """The newest correction, as the provider sees it."""
    found = [one.correction for one in quality.objection(city.provider, objection).rounds if one.correction]
    return found[-1]


def test_it_arrives_signed_once_and_the_receipt_is_kept(city: City, twin: Twin) -> None:
    made = corrected(city)
    assert seen(city, made).said is Said.SENDING
    twin.fail = 503
    deliver(twin)
    assert [one.topic for one in undelivered(limit=10) if one.topic == quality.CORRECTION_TOPIC]
    twin.fail = 0
    for _ in range(2):
        city.clock.shift(dt.timedelta(hours=1))
        deliver(twin)
    (content,) = twin.taken.values()
    assert (content["key"], content["item"], content["new"]) == (city.number, "born", "1985-03-05")
    now = seen(city, made)
    assert (now.said, now.receipt) == (Said.TAKEN, f"r-{content['id'][-6:]}")
    assert not [one for one in undelivered(limit=10) if one.topic == quality.CORRECTION_TOPIC]


def test_mended_is_told_and_the_note_waits_for_the_source(city: City, twin: Twin) -> None:
    made = corrected(city)
    twin.says = {"outcome": "mended"}
    deliver(twin)
    assert seen(city, made).said is Said.MENDED
    assert "已经更正" in box([city.person.id])[0].title
    assert quality.open_objections("people", city.number)["born"].words == "已核实更正，来源尚未同步"
    assert quality.note_read("people", city.number, {"born": dt.date(1985, 3, 5)}) == 1
    with pytest.raises(Conflict, match="已更正"):
        says(city, made, "refused", "不改")


def says(city: City, objection: str, outcome: str, words: str = "", **more: Any) -> Said:
    """The provider's system says later what became of the newest correction."""
    correction = Correction.objects.filter(round__objection__public_id=objection).latest("id").public_id
    reply = quality.reply_of(outcome, words)
    return quality.provider_says(correction, reply, **{"provider": PROVIDER, "by": "gc_1", **more})


def test_refused_is_checked_once_more_with_the_reasons(city: City, twin: Twin) -> None:
    made = corrected(city)
    deliver(twin)
    with pytest.raises(quality.NoSuchCorrection):
        says(city, made, "mended", provider="health")
    with pytest.raises(Invalid, match="理由"):
        says(city, made, "refused", " ")
    assert says(city, made, "refused", "底册与所说不符") is Said.REFUSED
    now = quality.objection(city.provider, made)
    assert (now.row.state, len(now.rounds), now.may_check) == (State.CHECKING, 2, True)
    assert seen(city, made).said_words == "底册与所说不符"
    assert quality.open_objections("people", city.number)["born"].words == "有异议，核查中"
    assert "再次核查" in box([city.person.id])[0].title
    assert says(city, made, "refused", "底册与所说不符") is Said.REFUSED, "the same again changes nothing"
    assert len(quality.objection(city.provider, made).rounds) == 2
    quality.answer_objection(city.provider, made, SENT)
    says(city, made, "refused", "还是不符")
    assert quality.objection(city.provider, made).row.state is State.CORRECTED, "no third check"
    assert [one.title for one in box([city.bureau.id])] == ["有数据更正没有落实"]
    assert not quality.open_objections("people", city.number)
    told = [one["action"] for one in entries_of(f"objection:{made}")]
    assert told.count("objection.correction_refused") == 2
    assert "底册" not in str([one["detail"] for one in entries_of(f"objection:{made}")])
    stored = Correction.objects.values_list("said_words", flat=True)
    assert not [one for one in stored if "底册" in str(one)]


def answer_with(status: int, body: bytes, _: httpx.Request) -> httpx.Response:
    """Always this answer."""
    return httpx.Response(status, content=body)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"outcome": "mended"}'),
        (200, b'{"receipt": "r", "outcome": "sending"}'),
        (200, b'{"receipt": "r", "outcome": "refused"}'),
        (200, b'{"receipt": "r", "more": 1}'),
        (200, b"x" * 20_000),
    ],
)
def test_a_wrong_answer_is_no_receipt_and_it_is_sent_again(city: City, status: int, body: bytes) -> None:
    made = corrected(city)
    deliver(partial(answer_with, status, body))
    assert seen(city, made).said is Said.SENDING
    assert [one.attempts for one in undelivered(limit=10) if one.topic == quality.CORRECTION_TOPIC] == [1]


def test_a_system_that_is_not_there_means_later(city: City) -> None:
    def dead(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    system = HttpProviders({"x": "https://x.example"}, nobody, gateway.sign_request, lambda: 1)
    message = quality.CorrectionMessage("cor_1", "x", "people", "born", "k", "a", "b", "c")
    for answer in (dead, lambda _: httpx.Response(429)):
        tried = HttpProviders(
            system.urls, nobody, gateway.sign_request, lambda: 1, httpx.MockTransport(answer)
        )
        with pytest.raises(Unavailable):
            tried.carry(message)


def test_the_providers_system_says_it_over_our_interface(city: City, twin: Twin) -> None:
    made = corrected(city)
    deliver(twin)
    (correction,) = twin.taken
    clients = {org: world.client_system(org, f"{org}的系统")[1] for org in (PROVIDER, "health")}

    def say(org: str, **more: str) -> tuple[int, Any]:
        body = json.dumps({"correction": correction, "outcome": "mended", **more}).encode()
        headers = world.signed(clients[org], "POST", PATH, body)
        answer = Client().post(PATH, body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    assert Client().post(PATH, b"{}", content_type="application/json").status_code == 401
    assert say("health")[0] == say(PROVIDER, correction="cor_x")[0] == 404
    assert say(PROVIDER, outcome="refused")[0] == say(PROVIDER, outcome="sending")[0] == 400
    assert say(PROVIDER) == (200, {"correction": correction, "outcome": "mended"})
    assert seen(city, made).said is Said.MENDED
    assert say(PROVIDER, outcome="refused", words="不改")[0] == 409
