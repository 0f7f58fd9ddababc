# SPDX-License-Identifier: Apache-2.0
"""What a signing service is: who keeps a person's key and signs with it at their word.

Every call carries a key of its own; the same key twice is one act, with the same answer. A service
answers within its time-out or raises Unavailable; whether the act happened is then not known, and
the same key asks again. What it answers is verified before anything rests on it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from yiwang.kernel.actor import Actor


@dataclass(frozen=True)
class Enrolment:
    """A person asks for a signature. `picture`: PNG of the handwriting; `passphrase` is kept nowhere
    but by whoever keeps the key."""

    key: str
    actor: Actor
    name: str
    picture: bytes
    passphrase: str


@dataclass(frozen=True)
class Enrolled:
    """The signature is ready. `seal`: the service's own id of it; `der`: the SES_Seal with the
    handwriting; `serial`: of the certificate."""

    seal: str
    der: bytes
    serial: str
    not_before: dt.datetime
    not_after: dt.datetime


@dataclass(frozen=True)
class Order:
    """Sign these bytes: `digest` is their SM3, `document` what they are called, `about` whose they are."""

    key: str
    actor: Actor
    seal: str
    passphrase: str
    digest: bytes
    document: str
    about: str


class SigningService(Protocol):
    """A keeper of people's signature keys. `name` is kept with each signature, `term` is shown.

    All raise Unavailable when there is no answer in time; `sign` raises Invalid (wrong passphrase)
    and NotAllowed (the signature is revoked or expired).
    """

    name: str
    term: str

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Make a key and a certificate, and a name seal with the handwriting."""
        ...

    def sign(self, order: Order) -> bytes:
        """The SES_Signature of GB/T 38540 over the digest, DER."""
        ...

    def revoke(self, key: str, seal: str, reason: str) -> None:
        """From now on the signature signs nothing; its certificate goes on the revocation list."""
        ...
