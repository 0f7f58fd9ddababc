# SPDX-License-Identifier: Apache-2.0
"""A signing service outside the house, over HTTPS and JSON (`docs/formats/signing-service.md`)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from typing import Any

import httpx

from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, Unavailable, YiwangError

from ..domain.services import Enrolled, Enrolment, Order

_KINDS: dict[int, type[YiwangError]] = {400: Invalid, 403: NotAllowed, 409: Conflict}
_LONGEST_ANSWER = 4_000_000  # bytes; a name seal with its picture has some ten thousand
_TRY_AGAIN = "请过几分钟再试；着急可以到窗口签字。"


class OutsideSigning:
    """A `SigningService` behind an address. `seconds`: how long one answer may take."""

    name = "outside"
    term = "外部签名服务"

    def __init__(
        self, url: str, token: str, *, seconds: float = 10, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=seconds,
            transport=transport,
            follow_redirects=False,
        )

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Ask for a key, a certificate and a name seal."""
        said = self._post(
            "/signatures",
            enrolment.key,
            {
                "person": enrolment.actor.id,
                "name": enrolment.name,
                "picture": base64.b64encode(enrolment.picture).decode("ascii"),
                "passphrase": enrolment.passphrase,
            },
        )
        try:
            return Enrolled(
                seal=str(said["seal"])[:60],
                der=base64.b64decode(said["seal_der"], validate=True),
                serial=str(said["serial"])[:60],
                not_before=_moment(said["not_before"]),
                not_after=_moment(said["not_after"]),
            )
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise _unreadable() from error

    def sign(self, order: Order) -> bytes:
        """Ask for a signature over a digest; the document itself never leaves the house."""
        said = self._post(
            f"/signatures/{order.seal}/sign",
            order.key,
            {
                "digest": order.digest.hex(),
                "document": order.document,
                "about": order.about,
                "passphrase": order.passphrase,
            },
        )
        try:
            return base64.b64decode(said["signature"], validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise _unreadable() from error

    def revoke(self, key: str, seal: str, reason: str) -> None:
        """Ask to revoke."""
        self._post(f"/signatures/{seal}/revoke", key, {"reason": reason})

    def _post(self, path: str, key: str, body: Mapping[str, str]) -> Mapping[str, Any]:
        """One call. Raises what the service answers as an error of ours; Unavailable for all else."""
        try:
            answer = self._client.post(path, json=dict(body), headers={"Idempotency-Key": key})
        except httpx.HTTPError as error:
            words = "超时" if isinstance(error, httpx.TimeoutException) else "连不上"
            raise Unavailable(f"签名服务{words}。", mend=_TRY_AGAIN) from error
        if answer.status_code in _KINDS:
            said = _json(answer)
            raise _KINDS[answer.status_code](
                str(said.get("message", "签名服务拒绝了。"))[:200],
                mend=str(said.get("mend", ""))[:200],
                field="passphrase" if said.get("field") == "passphrase" else None,
            )
        if answer.status_code not in (200, 201):
            raise Unavailable(f"签名服务出错（{answer.status_code}）。", mend=_TRY_AGAIN)
        return _json(answer)


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    if len(answer.content) > _LONGEST_ANSWER:
        raise _unreadable()
    try:
        said = answer.json()
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(said, dict):
        raise _unreadable()
    return said


def _moment(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found


def _unreadable() -> Unavailable:
    return Unavailable("签名服务的回答读不懂。", mend=_TRY_AGAIN)
