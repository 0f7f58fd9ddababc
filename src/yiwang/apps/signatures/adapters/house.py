# SPDX-License-Identifier: Apache-2.0
"""The house's own signing service, over its seals: key, certificate and name seal of a person lie there."""

from __future__ import annotations

from django.db import transaction

from yiwang.apps.seals.public import (
    SealRefused,
    issue_personal_seal,
    personal_press,
    personal_seal_of,
)
from yiwang.apps.seals.public import revoke_signature as end_seal
from yiwang.engines.sealing import Picture, parse_signature, sm3
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from ..domain.pictures import HEIGHT_MM, WIDTH_MM
from ..domain.services import Enrolled, Enrolment, Order

_TRIAL = "enrolment.txt"


class HouseSigning:
    """A `SigningService` of the house's own. It is no partner: what it does is committed with its answer,
    so an enrolment whose answer was lost is made anew, and the seal nobody heard of is ended."""

    name = "house"
    term = "本市电子签名系统"

    @transaction.atomic
    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Issue a personal seal in place of the one there is, and sign for trial with it."""
        if before := personal_seal_of(enrolment.actor):
            end_seal(enrolment.actor, before.public_id)
        picture = Picture("PNG", enrolment.picture, WIDTH_MM, HEIGHT_MM)
        seal = issue_personal_seal(enrolment.actor, picture=picture, passphrase=enrolment.passphrase)
        with personal_press(enrolment.actor, seal, passphrase=enrolment.passphrase) as press:
            trial = press(sm3(enrolment.key.encode()), _TRIAL, about=enrolment.key)
        made = parse_signature(trial)
        certificate = made.certificate
        return Enrolled(
            seal=seal,
            der=made.seal.der,
            serial=format(certificate.serial, "x"),
            not_before=certificate.not_before,
            not_after=certificate.not_after,
        )

    def sign(self, order: Order) -> bytes:
        """Press the person's seal with their passphrase."""
        try:
            with personal_press(order.actor, order.seal, passphrase=order.passphrase) as press:
                return press(order.digest, order.document, about=order.about)
        except SealRefused as refused:
            raise NotAllowed(refused.message, mend="请重新申请电子签名，或到窗口签字。") from refused

    def revoke(self, key: str, seal: str, reason: str) -> None:
        """End the personal seal and revoke its certificate; one that has ended already stays so."""
        try:
            end_seal(system("电子签名注销"), seal)
        except (Conflict, NotFound):
            return
