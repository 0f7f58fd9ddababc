# SPDX-License-Identifier: Apache-2.0
"""The demo twin of an outside signing service: its own authority and keys, in memory; the same rules.

`DemoSigning` is the service; `wire` speaks its HTTP side, so that `OutsideSigning` can be tried without
a network. The same key twice is one act; `fail_next` and `forget_next` make it fail on purpose.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.utils import timezone

from yiwang.engines import sealing
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, Unavailable, YiwangError

from ..domain.pictures import HEIGHT_MM, WIDTH_MM
from ..domain.services import Enrolled, Enrolment, Order

_LASTS = dt.timedelta(days=365)
_SHORTEST = 6


@dataclass
class _Kept:
    key: sealing.PrivateKey
    certificate: sealing.Certificate
    passphrase: str
    seal: bytes
    revoked: dt.datetime | None = None


def _name(common: str) -> sealing.Name:
    return sealing.make_name(common)


@dataclass
class DemoSigning:
    """A `SigningService` in memory.

    Attributes:
        fail_next: how many calls raise Unavailable before anything happens.
        forget_next: how many calls do their work and then lose the answer.
        acts: how many acts really happened; a repeated key adds none.
    """

    name: str = "demo"
    term: str = "示例签名服务"
    fail_next: int = 0
    forget_next: int = 0
    acts: int = 0
    _key: sealing.PrivateKey = field(default_factory=sealing.generate)
    _people: dict[str, _Kept] = field(default_factory=dict)
    _answers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        now = timezone.now() - dt.timedelta(days=1)
        new = sealing.NewCertificate(
            subject=_name("示例签名认证机构"),
            key=self._key.public,
            not_before=now,
            not_after=now + 20 * _LASTS,
            authority=True,
        )
        self.root = sealing.issue_certificate(new, self._key.sign)
        self._maker_key = sealing.generate()
        self._maker = self._certify("示例名章制作", self._maker_key.public, now, 10 * _LASTS)

    def trust(self) -> sealing.TrustStore:
        """Whom to trust to believe it: its authority, and whom it revoked."""
        now = timezone.now()
        revoked = tuple(
            sealing.Revoked(one.certificate.serial, one.revoked)
            for one in self._people.values()
            if one.revoked
        )
        new = sealing.NewCrl(self.root, 1, now - dt.timedelta(hours=1), now + dt.timedelta(days=1), revoked)
        return sealing.TrustStore((self.root,), (sealing.issue_crl(new, self._key.sign),))

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Make a key, a certificate, a name seal."""
        return self._once(enrolment.key, lambda: self._enrol(enrolment))

    def sign(self, order: Order) -> bytes:
        """Sign a digest."""
        return self._once(order.key, lambda: self._sign(order))

    def revoke(self, key: str, seal: str, reason: str) -> None:
        """Revoke; a second time changes nothing."""
        self._once(key, lambda: self._revoke(seal))

    def _once(self, key: str, act: Callable[[], Any]) -> Any:
        if self.fail_next:
            self.fail_next -= 1
            raise Unavailable("示例签名服务没有应答。", mend="请过几分钟再试。")
        if key not in self._answers:
            self._answers[key] = act()
            self.acts += 1
        if self.forget_next:
            self.forget_next -= 1
            raise Unavailable("示例签名服务的应答丢了。", mend="请过几分钟再试。")
        return self._answers[key]

    def _enrol(self, enrolment: Enrolment) -> Enrolled:
        if len(enrolment.passphrase) < _SHORTEST:
            raise Invalid("签名口令太短。", mend=f"至少 {_SHORTEST} 个字符。", field="passphrase")
        key, now = sealing.generate(), timezone.now().replace(microsecond=0)
        certificate = self._certify(enrolment.name, key.public, now - dt.timedelta(minutes=1), _LASTS)
        new = sealing.NewSeal(
            seal_id=f"DEMO{len(self._people) + 1:010d}",
            name=enrolment.name,
            kind=sealing.SealKind.PERSON,
            holders=(certificate,),
            picture=sealing.Picture("PNG", enrolment.picture, WIDTH_MM, HEIGHT_MM),
            not_before=certificate.not_before,
            not_after=certificate.not_after,
            made_at=now,
        )
        seal = sealing.make_seal(new, maker=self._maker, signer=self._maker_key.sign)
        self._people[new.seal_id] = _Kept(key, certificate, enrolment.passphrase, seal)
        serial = format(certificate.serial, "x")
        return Enrolled(new.seal_id, seal, serial, certificate.not_before, certificate.not_after)

    def _sign(self, order: Order) -> bytes:
        kept = self._people.get(order.seal)
        if kept is None or kept.revoked:
            raise Conflict("这个签名已经注销。", mend="请重新申请。")
        if order.passphrase != kept.passphrase:
            raise Invalid("签名口令不对。", mend="请重新输入。", field="passphrase")
        return sealing.sign_document(
            seal=kept.seal,
            digest=order.digest,
            document_property=order.document,
            at=timezone.now(),
            certificate=kept.certificate,
            signer=kept.key.sign,
        )

    def _revoke(self, seal: str) -> None:
        kept = self._people.get(seal)
        if kept is not None and kept.revoked is None:
            kept.revoked = timezone.now()

    def _certify(
        self, common: str, key: sealing.PublicKey, since: dt.datetime, lasts: dt.timedelta
    ) -> sealing.Certificate:
        new = sealing.NewCertificate(
            subject=_name(common), key=key, not_before=since, not_after=since + lasts, issuer=self.root
        )
        return sealing.issue_certificate(new, self._key.sign)


def wire(service: DemoSigning) -> httpx.MockTransport:
    """The HTTP side of the twin (`docs/formats/signing-service.md`)."""

    def answer(request: httpx.Request) -> httpx.Response:
        said, key = json.loads(request.content), request.headers["Idempotency-Key"]
        parts = request.url.path.strip("/").split("/")
        try:
            return httpx.Response(200, json=_answer(service, parts, key, said))
        except Unavailable as error:
            raise httpx.ReadTimeout(error.message, request=request) from error
        except YiwangError as error:
            status = {"invalid": 400, "forbidden": 403, "conflict": 409}.get(error.kind.value, 500)
            body = {"message": error.message, "mend": error.mend, "field": error.field}
            return httpx.Response(status, json=body)

    return httpx.MockTransport(answer)


def _answer(service: DemoSigning, parts: list[str], key: str, said: dict[str, str]) -> dict[str, str]:
    if parts[-1] == "sign":
        digest = bytes.fromhex(said["digest"])
        order = Order(key, ANONYMOUS, parts[-2], said["passphrase"], digest, said["document"], said["about"])
        return {"signature": base64.b64encode(service.sign(order)).decode("ascii")}
    if parts[-1] == "revoke":
        service.revoke(key, parts[-2], said["reason"])
        return {}
    person = Actor(ActorKind.PERSON, said["person"], said["name"])
    picture = base64.b64decode(said["picture"])
    made = service.enrol(Enrolment(key, person, said["name"], picture, said["passphrase"]))
    return {
        "seal": made.seal,
        "seal_der": base64.b64encode(made.der).decode("ascii"),
        "serial": made.serial,
        "not_before": made.not_before.isoformat(),
        "not_after": made.not_after.isoformat(),
    }
