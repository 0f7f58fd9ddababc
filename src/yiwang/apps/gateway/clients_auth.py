# SPDX-License-Identifier: Apache-2.0
"""Who sent a request: a client that signed it, or one that brought its token. Replies are signed.

1. The headers are there and can be read in one way. 2. The algorithm is ours. 3. The clocks agree.
4. The key is known, in force, of a client that is not revoked. 5. The body is the one whose digest was
signed. 6. The signature is the key's. 7. The nonce is new (looked at here, taken when the call is written).
Whoever fails is turned away with the step, and noted for the security administrators.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.journal.public import record
from yiwang.engines import sealing
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import system

from .calls_writing import replayed, take_nonces
from .clients import TOKEN_PREFIX, token_digest
from .domain import signing
from .domain.call_settings import BODY_BYTES, SKEW_SECONDS
from .domain.calls import Caller, CallerKind
from .domain.signing import Refused, Signed
from .models.calls import RefusedAttempt, SeenNonce
from .models.clients import Credential, CredentialKind
from .system_key import system_key

log = logging.getLogger(__name__)

_MOST_NOTES = 60  # a minute and process: a flood of bad requests does not fill the books
_notes: dict[int, int] = {}


@dataclass(frozen=True)
class Received:
    """A request as it came. `headers`: lower-case name → value."""

    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]
    address: str = ""


@dataclass(frozen=True)
class Proven:
    """Who sent it; the nonce to be taken with what is done about it (None: came with a token)."""

    caller: Caller
    nonce: SeenNonce | None


def authenticate(received: Received, *, now: dt.datetime) -> Proven:
    """Find out who sent a request. Raises Refused (noted), Replayed."""
    client = org = ""
    try:
        if received.query:
            raise signing.malformed("地址里不能带 ? 参数")
        if "signature" in received.headers or "signature-input" in received.headers:
            signed = signing.read_signature(
                received.headers.get("signature-input", ""), received.headers.get("signature", "")
            )
            found = _credential(signed.key_id, CredentialKind.SM2)
            client, org = (found.client.public_id, found.client.org) if found else ("", "")
            return _signed(received, signed, found, now)
        token = received.headers.get("authorization", "").removeprefix("Bearer ")
        if not token.startswith(TOKEN_PREFIX) or len(token) > 100:
            raise Refused("unsigned", "没有签名，也没有令牌。", "请照接口说明签名，或带上令牌。")
        found = _credential(token_digest(token), CredentialKind.TOKEN)
        client, org = (found.client.public_id, found.client.org) if found else ("", "")
        return Proven(_caller(_in_force(found, now)), None)
    except Refused as error:
        note(error.why, client=client, org=org, address=received.address)
        raise


def _signed(received: Received, signed: Signed, found: Credential | None, now: dt.datetime) -> Proven:
    """Steps 3 to 7."""
    skew = whole(current().catalogue, SKEW_SECONDS)
    signing.check_time(signed, now=int(now.timestamp()), skew=skew)
    credential = _in_force(found, now)
    signing.check_digest(received.headers.get("content-digest", ""), received.body)
    key = sealing.PublicKey(bytes.fromhex(credential.point))
    if not key.verify(signing.base_of(signed, partial(_part, received)), signed.value):
        raise Refused(
            "signature", "签名与请求不符。", "请核对签名的范围、顺序和私钥；经过代理的不要改写地址。"
        )
    caller = _caller(credential)
    if SeenNonce.objects.filter(client=caller.id, nonce=signed.nonce).exists():
        note("replay", client=caller.id, org=caller.org, address=received.address)
        raise replayed()
    until = now + dt.timedelta(seconds=2 * skew + 1)
    return Proven(caller, SeenNonce(client=caller.id, nonce=signed.nonce, until=until))


def _part(received: Received, name: str) -> str:
    """The value of a component of a request (RFC 9421, 2.1 and 2.2). Raises Refused when there is none."""
    derived = {"@method": received.method, "@path": received.path, "@query": f"?{received.query}"}
    if name in derived:
        return derived[name]
    header = received.headers.get("host" if name == "@authority" else name)
    if header is None:
        raise signing.malformed(f"签名的范围里有 {name}，请求里却没有")
    return header.lower() if name == "@authority" else header.strip()


def _credential(key_id: str, kind: CredentialKind) -> Credential | None:
    return Credential.objects.select_related("client").filter(key_id=key_id, kind=kind).first()


def _in_force(found: Credential | None, now: dt.datetime) -> Credential:
    """Step 4."""
    if found is None:
        raise Refused("unknown-key", "没有登记这个公钥或令牌。", "请本部门的数据管理员在“接入系统”里登记。")
    if found.client.revoked_at is not None:
        raise Refused("revoked", "这个接入系统已经停用。", "请联系本部门的数据管理员。")
    if found.ended_at is not None or now >= found.ends_at:
        raise Refused("ended-key", "这个公钥或令牌已经到期或换掉。", "请改用新的；没有新的，请重新登记。")
    return found


def _caller(found: Credential) -> Caller:
    return Caller(CallerKind.CLIENT, found.client.public_id, found.client.name, found.client.org)


def take_nonce(proven: Proven) -> None:
    """Take the nonce of a request that is no call. Raises Replayed."""
    if proven.nonce is None:
        return
    with transaction.atomic():
        if not take_nonces([proven.nonce]):
            raise replayed()


def most_body_bytes() -> int:
    """How large a request may be."""
    return whole(current().catalogue, BODY_BYTES)


def note(why: str, *, client: str, org: str, address: str) -> None:
    """Note a request that was turned away, in its own table and in the journal; a flood is cut off."""
    now = timezone.now()
    minute = int(now.timestamp()) // 60
    if minute not in _notes:
        _notes.clear()
    _notes[minute] = _notes.get(minute, 0) + 1
    if _notes[minute] > _MOST_NOTES:
        log.warning("gateway request turned away: %s", why)
        return
    with transaction.atomic():
        RefusedAttempt.objects.create(at=now, client=client, org=org, why=why, address=address[:45])
        record(
            system("网关"),
            "gateway.turned-away",
            stream=f"gateway-door:{now:%Y%m%d}",
            about=client,
            detail={"why": why, "org": org},
        )


def sign_reply(*, status: int, body: bytes, request_signature: str) -> dict[str, str]:
    """The headers that prove a reply (RFC 9421, RFC 9530). Raises Unavailable: the key is out of reach."""
    key_id, key = system_key()
    digest = signing.digest_header(body)
    params = signing.reply_params(
        with_request=bool(request_signature), created=int(timezone.now().timestamp()), key_id=key_id
    )
    base = signing.reply_base(
        status=status, digest=digest, request_signature=request_signature, params=params
    )
    return {
        "Content-Digest": digest,
        "Signature-Input": f"gateway={params}",
        "Signature": f"gateway={signing.written(key.sign(base))}",
    }


def forget_nonces(now: dt.datetime) -> int:
    """Delete the nonces that could not pass any more; how many."""
    return SeenNonce.objects.filter(until__lte=now).delete()[0]
