# SPDX-License-Identifier: Apache-2.0
"""Calls by systems: signed requests, signed replies; whatever is not quite right is refused and noted."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from types import SimpleNamespace
from typing import Any

import http_message_signatures as peer
import pytest
from django.test import Client

from support import gateway as world
from yiwang.apps.gateway import clients_auth
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.models import Call, Credential, RefusedAttempt
from yiwang.apps.journal.public import verify
from yiwang.engines.sealing import PrivateKey, PublicKey, generate, sm3

QUERY = "/api/exchange/v1/query"
CATALOGUE = "/api/exchange/v1/catalogue"


@pytest.fixture(autouse=True)
def no_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that other tests of this process had turned away in the same minute do not count."""
    monkeypatch.setattr(clients_auth, "_notes", {})


@pytest.fixture
def source(db: None) -> world.Memory:
    """The source of the one resource."""
    world.publish()
    memory = world.Memory({world.number(n): world.row_of(n) for n in range(1, 10)})
    world.connect(memory)
    return memory


@pytest.fixture
def grant(source: world.Memory) -> str:
    """A grant of everything but the mortgage, the name plain."""
    return world.grant()


@pytest.fixture
def key(source: world.Memory) -> PrivateKey:
    """The key of a system of the department that has the grant."""
    return world.client_system()[1]


def post(body: bytes, headers: dict[str, str], path: str = QUERY) -> Any:
    return Client().post(path, body, content_type="application/json", headers=headers)


def ask(key: PrivateKey, body: bytes, **params: Any) -> Any:
    return post(body, world.signed(key, "POST", QUERY, body, **params))


def why(answer: Any) -> str:
    return str(answer.json().get("why", ""))


class Sm2(peer.HTTPSignatureAlgorithm):
    """SM2 as an algorithm of the other implementation."""

    algorithm_id = "sm2-sm3"

    def __init__(self, public_key: Any = None, private_key: Any = None, password: Any = None) -> None:
        self.public_key, self.private_key = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        signature: bytes = self.private_key.sign(message)
        return signature

    def verify(self, signature: bytes, message: bytes) -> None:
        if not self.public_key.verify(message, signature):
            raise peer.InvalidSignature("no")


class Keys(peer.HTTPSignatureKeyResolver):
    """The keys of the other implementation."""

    def __init__(self, private: Any = None, public: Any = None) -> None:
        self.private, self.public = private, public

    def resolve_public_key(self, key_id: str) -> Any:
        return self.public

    def resolve_private_key(self, key_id: str) -> Any:
        return self.private


@pytest.mark.storage
def test_a_signed_question_gets_a_signed_answer_that_both_can_prove(grant: str, key: PrivateKey) -> None:
    body = world.body_of(grant, 3, case="驻审2026-3")
    answer = ask(key, body)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["rows"][0]["owner"] == "王第3"
    row = Call.objects.get(receipt=told["receipt"])
    assert row.request_digest == told["request"] == hashlib.sha256(body).hexdigest()
    assert row.response_digest == hashlib.sha256(answer.content).hexdigest()
    assert (row.org, row.caller_name) == (world.ASKER, "餐饮许可审批系统")
    assert list(verify()) == []


def test_another_implementation_of_the_standard_signs_and_verifies(grant: str, key: PrivateKey) -> None:
    body, key_id = world.body_of(grant), sm3(key.public.spki).hex()
    request = SimpleNamespace(method="POST", url=f"https://gateway.test{QUERY}", headers={})
    signer = peer.HTTPMessageSigner(signature_algorithm=Sm2, key_resolver=Keys(private=key))
    parts = ("@method", "@path")
    signer.sign(request, key_id=key_id, nonce="n" * 24, covered_component_ids=parts, body=body)
    answer = post(body, request.headers)
    assert answer.status_code == 200, answer.content
    response = SimpleNamespace(status_code=200, headers=dict(answer.headers), request=request)
    public = PublicKey.from_pem(Client().get("/api/exchange/v1/key").json()["public_key"].encode())
    verifier = peer.HTTPMessageVerifier(signature_algorithm=Sm2, key_resolver=Keys(public=public))
    (found,) = verifier.verify(response, max_age=None)
    assert {'"@status"', '"content-digest"', '"signature";req'} <= set(found.covered_components)


def test_the_catalogue_tells_what_may_be_asked(grant: str, key: PrivateKey) -> None:
    def seen(who: PrivateKey) -> Any:
        answer = Client().get(CATALOGUE, headers=world.signed(who, "GET", CATALOGUE))
        assert answer.status_code == 200, answer.content
        return answer.json()["grants"]

    (one,) = seen(key)
    assert (one["grant"], one["keys"], one["purpose"]) == (grant, ["number"], world.PURPOSE)
    assert {field["id"]: field["masked"] for field in one["fields"]} == {
        "owner": False, "number": True, "address": True, "area": False,
    }  # fmt: skip
    stranger = world.client_system(world.STRANGER, "学籍系统")[1]
    assert seen(stranger) == []


def test_a_stranger_learns_nothing_of_a_grant(grant: str) -> None:
    stranger = world.client_system(world.STRANGER, "学籍系统")[1]
    known, unknown = (ask(stranger, world.body_of(one)) for one in (grant, "dg_nothing"))
    assert known.status_code == unknown.status_code == 404
    assert known.json()["message"] == unknown.json()["message"]
    assert Call.objects.get(receipt=known.json()["receipt"]).outcome == "refused"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"created": -301}, "clock"),
    ({"created": 303}, "clock"),
    ({"expires": -1}, "clock"),
    ({"nonce": "short"}, "malformed"),
    ({"nonce": None}, "malformed"),
    ({"created": None}, "malformed"),
    ({"alg": "hmac-sha256"}, "algorithm"),
    ({"keyid": "0" * 64}, "unknown-key"),
    ({"parts": '"@method" "@path"'}, "malformed"),
    ({"parts": '"@path" "@path" "@method" "content-digest"'}, "malformed"),
]


def test_a_wrong_signature_is_refused_and_noted(grant: str, key: PrivateKey, source: world.Memory) -> None:
    for params, reason in WRONG:
        now = int(time.time())
        times = {name: now + value for name, value in params.items() if isinstance(value, int)}
        answer = ask(key, world.body_of(grant), **params | times)
        assert (answer.status_code, why(answer)) == (401, reason), (params, answer.content)
    assert [one.why for one in RefusedAttempt.objects.order_by("id")] == [reason for _, reason in WRONG]
    assert source.asked == []
    assert not Call.objects.exists()


def test_what_was_altered_on_the_way_is_refused(grant: str, key: PrivateKey, source: world.Memory) -> None:
    body = world.body_of(grant)
    headers = world.signed(key, "POST", QUERY, body)
    other = world.body_of(grant, 2)
    assert why(post(other, headers)) == "body"
    fresh = {"Content-Digest": world.signed(key, "POST", QUERY, other)["Content-Digest"]}
    assert why(post(other, headers | fresh)) == "signature"
    elsewhere = world.signed(key, "POST", CATALOGUE, body)
    assert why(post(body, elsewhere)) == "signature"
    assert why(post(body, world.signed(generate(), "POST", QUERY, body))) == "unknown-key"
    forged = world.signed(generate(), "POST", QUERY, body, keyid=sm3(key.public.spki).hex())
    assert why(post(body, forged)) == "signature"
    assert source.asked == []


def test_a_request_is_answered_once(grant: str, key: PrivateKey, source: world.Memory) -> None:
    body = world.body_of(grant)
    headers = world.signed(key, "POST", QUERY, body)
    assert [post(body, headers).status_code for _ in range(2)] == [200, 409]
    assert len(source.asked) == 1
    assert RefusedAttempt.objects.get().why == "replay"


def test_a_replay_at_the_same_moment_is_found_when_it_is_written(
    grant: str, key: PrivateKey, source: world.Memory
) -> None:
    body = world.body_of(grant)
    headers, inner = world.signed(key, "POST", QUERY, body), []

    def meanwhile(_: gateway.Query) -> None:
        source.before = None
        inner.append(post(body, headers).status_code)

    source.before = meanwhile
    outer = post(body, headers)
    assert (inner, outer.status_code) == ([200], 409)
    assert outer.json().get("rows") is None
    assert sorted(Call.objects.values_list("outcome", flat=True)) == ["answered", "refused"]


TWO_WAYS: list[dict[str, str]] = [
    {"Signature": "sig1=:AAAA:\r\nX: y"},
    {"Signature-Input": 'sig1=("@method" "@path" "content-digest");created=1\r\n;nonce="x"'},
    {"Signature-Input": 'a=("@method");created=1, b=("@path");created=2'},
    {"Content-Digest": "sha-256=:AAAA:, sha-512=:BBBB:"},
    {"Signature": "sig1=:" + "A" * 100_000 + ":"},
    {"Signature": ""},
    {"Signature-Input": "（）"},
]


def test_headers_that_can_be_read_in_two_ways_are_refused(
    grant: str, key: PrivateKey, source: world.Memory
) -> None:
    for headers in TWO_WAYS:
        body = world.body_of(grant)
        answer = post(body, world.signed(key, "POST", QUERY, body) | headers)
        assert answer.status_code == 401, headers
        assert why(answer) in {"malformed", "body"}
    assert source.asked == []


RUBBISH = [
    (b"{", 400),
    (b"[]", 400),
    (b'{"a": NaN}', 400),
    (b"\xff\xfe", 400),
    (b"[" * 9_000, 400),
    (b'{"grant": "x"}', 400),
    (b'{"a": "' + b"x" * 20_000 + b'"}', 413),
]


def test_rubbish_is_refused_by_its_form(key: PrivateKey) -> None:
    for body, status in RUBBISH:
        answer = ask(key, body)
        assert answer.status_code == status, (body[:20], answer.content)
        assert answer.json()["mend"]


def test_unknown_parts_and_addresses_with_questions_are_refused(grant: str, key: PrivateKey) -> None:
    assert ask(key, world.body_of(grant, subject="p_1")).status_code == 400
    body = world.body_of(grant)
    answer = post(body, world.signed(key, "POST", QUERY, body), f"{QUERY}?number=1")
    assert (answer.status_code, why(answer)) == (401, "malformed")


def test_revoked_systems_and_ended_keys_are_refused(grant: str, source: world.Memory) -> None:
    client, key = world.client_system()
    second = generate()
    gateway.set_client_key(world.ASKING_DATA, client, second.public.to_pem().decode())
    assert [ask(one, world.body_of(grant)).status_code for one in (key, second)] == [200, 200]
    Credential.objects.filter(key_id=gateway_key(key)).update(ends_at="2020-01-01T00:00:00Z")
    assert why(ask(key, world.body_of(grant))) == "ended-key"
    gateway.revoke_client(world.ASKING_DATA, client, "系统下线")
    assert why(ask(second, world.body_of(grant))) == "revoked"


def gateway_key(key: PrivateKey) -> str:
    return sm3(key.public.spki).hex()


def test_a_token_is_enough_where_it_was_issued(grant: str, source: world.Memory) -> None:
    client = gateway.register_client(world.ASKING_DATA, org=world.ASKER, name="窗口小程序")
    token = gateway.issue_client_token(world.ASKING_DATA, client)
    body = world.body_of(grant)
    assert post(body, {"Authorization": f"Bearer {token}"}).status_code == 200
    assert why(post(body, {"Authorization": f"Bearer {token}x"})) == "unknown-key"
    assert why(post(body, {})) == "unsigned"
    assert token not in json.dumps(list(Credential.objects.values_list("key_id", "point")))


def test_refusals_are_signed_too(key: PrivateKey, grant: str) -> None:
    body = world.body_of(grant, purpose="别的用途")
    headers = world.signed(key, "POST", QUERY, body)
    answer = post(body, headers)
    assert answer.status_code == 403
    params = answer["Signature-Input"].removeprefix("gateway=")
    base = (
        f'"@status": 403\n"content-digest": {answer["Content-Digest"]}\n'
        f'"signature";req: {headers["Signature"]}\n"@signature-params": {params}'
    )
    value = base64.b64decode(answer["Signature"].removeprefix("gateway=:").removesuffix(":"))
    public = PublicKey.from_pem(gateway.system_public_pem().encode())
    assert public.verify(base.encode(), value)
    assert not public.verify(base.replace("403", "200").encode(), value)


def test_a_quota_says_when_to_come_back(key: PrivateKey, source: world.Memory) -> None:
    little = world.grant(per_minute=2)
    assert [ask(key, world.body_of(little)).status_code for _ in range(4)] == [200, 200, 429, 429]


def test_the_receipt_is_read_by_whoever_called(key: PrivateKey, grant: str) -> None:
    path = "/api/exchange/v1/receipt"
    receipt = ask(key, world.body_of(grant)).json()["receipt"]
    body = json.dumps({"receipt": receipt}).encode()
    told = post(body, world.signed(key, "POST", path, body), path).json()
    assert (told["receipt"], told["outcome"], told["proof"]) == (receipt, "answered", None)
    stranger = world.client_system(world.STRANGER, "学籍系统")[1]
    assert post(body, world.signed(stranger, "POST", path, body), path).status_code == 404
