# SPDX-License-Identifier: Apache-2.0
"""The demo twin of a certificate authority: a root, one authority below it, lists of what it revoked.

It exists only where `found` was called, which the sample city alone does; elsewhere it is not `ready`
and certificates are uploaded. Its passphrase is public: nothing it issues proves anything outside.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from yiwang.engines import sealing
from yiwang.engines.sealing import Certificate, NewCertificate, NewCrl, Reason, Revoked, Signer
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, NotAllowed, Unavailable
from yiwang.kernel.ids import new_public_id

from .. import plugs
from ..domain.passphrases import Limits
from ..models import Authority, RevocationList
from ..plugs import Wanted
from ..public import import_authority, import_crl

PASSPHRASE = "demo-authority-2026"  # noqa: S105  # nosec B105 - of a demo twin, public on purpose
_YEARS = dt.timedelta(days=3650)
_LIST_LASTS = dt.timedelta(days=400)
_LIST_RENEWED = dt.timedelta(days=60)
_LIMITS = Limits(tries=100, minutes=1)  # nobody types this passphrase
_REASONS = {
    "key-leak": Reason.KEY_COMPROMISE,
    "unit-ended": Reason.CESSATION,
    "physical-unused": Reason.CESSATION,
    "unused": Reason.CESSATION,
    "lost": Reason.CESSATION,
    "renewed": Reason.SUPERSEDED,
    "replaced": Reason.SUPERSEDED,
}


class DemoAuthority:
    """Issues certificates at once, for the sample city. Its key, of no worth, is opened once per process."""

    def __init__(self) -> None:
        self._opened: dict[str, Signer] = {}

    def ready(self) -> bool:
        """Whether the sample city founded it here."""
        return _row() is not None

    def issue(self, wanted: Wanted) -> bytes:
        """A certificate (DER), never longer than the authority's own. Raises Unavailable."""
        issuer, signer = self._open()
        made = sealing.issue_certificate(
            NewCertificate(
                subject=sealing.make_name(wanted.common_name, organization=wanted.organization),
                key=sealing.PublicKey(wanted.public_key),
                not_before=wanted.not_before,
                not_after=min(wanted.not_after, issuer.not_after),
                issuer=issuer,
            ),
            signer,
        )
        return made.der

    def revoke(self, serial: str, reason: str) -> bytes | None:
        """A new list with this certificate on it. The authority's row is locked, so that of two
        revocations at once the later list holds both."""
        issuer, signer = self._open(lock=True)
        # Dates are cut to the second: what was sealed within this very second was sealed before.
        at = timezone.now() + dt.timedelta(seconds=1)
        entry = Revoked(int(serial, 16), at, _REASONS.get(reason, Reason.UNSPECIFIED))
        return self._list(issuer, signer, (*self._revoked(issuer), entry))

    def fresh_list(self) -> bytes | None:
        """A new list with the same entries when the current one runs out soon."""
        row = _row()
        newest = _newest(sealing.parse_certificate(bytes(row.der))) if row else None
        soon = timezone.now() + _LIST_RENEWED
        if row is None or (newest and newest.next_update and newest.next_update > soon):
            return None
        issuer, signer = self._open(lock=True)
        return self._list(issuer, signer, self._revoked(issuer))

    def _open(self, *, lock: bool = False) -> tuple[Certificate, Signer]:
        row = _row(lock=lock)
        if row is None:
            raise Unavailable("这里没有示例认证机构。", mend="请上传电子认证机构签发的证书。")
        if row.key not in self._opened:
            self._opened[row.key] = plugs.keeper().signer(row.key, PASSPHRASE, _LIMITS)
        return sealing.parse_certificate(bytes(row.der)), self._opened[row.key]

    def _revoked(self, issuer: Certificate) -> tuple[Revoked, ...]:
        newest = _newest(issuer)
        return tuple(sealing.parse_crl(bytes(newest.der)).revoked.values()) if newest else ()

    def _list(self, issuer: Certificate, signer: Signer, revoked: tuple[Revoked, ...]) -> bytes:
        now = timezone.now()
        number = RevocationList.objects.filter(issuer=issuer.subject[:300]).count() + 1
        return sealing.issue_crl(NewCrl(issuer, number, now, now + _LIST_LASTS, revoked), signer).der


def _row(*, lock: bool = False) -> Authority | None:
    rows = Authority.objects.filter(distrusted_at=None).exclude(key="").order_by("-pk")
    return (rows.select_for_update() if lock else rows).first()


def _newest(issuer: Certificate) -> RevocationList | None:
    return RevocationList.objects.filter(issuer=issuer.subject[:300]).order_by("-pk").first()


@transaction.atomic
def found(actor: Actor) -> None:
    """Found the demo authority: a root that signs the authority below it and one list, and is then
    thrown away. Nothing happens when it is there.

    Raises NotAllowed: only the system does. Conflict: a real authority is trusted here.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("示例认证机构只能由示例城市建立。", mend="请运行 yiwang demo。")
    if DemoAuthority().ready():
        return
    if Authority.objects.filter(distrusted_at=None).exists():
        raise Conflict("这里已经信任真实的认证机构。", mend="示例认证机构不能建在正式的库里。")
    now = timezone.now() - dt.timedelta(minutes=1)
    root_key, key = sealing.generate(), new_public_id("k")
    root_name = sealing.make_name("示例根认证机构（仅供演示）", organization="一网示例")
    root = sealing.issue_certificate(
        NewCertificate(root_name, root_key.public, now, now + 2 * _YEARS, authority=True, path_length=1),
        root_key.sign,
    )
    point = plugs.keeper().generate(key, PASSPHRASE)
    below = sealing.issue_certificate(
        NewCertificate(
            sealing.make_name("示例认证机构（仅供演示）", organization="一网示例"),
            sealing.PublicKey(point),
            now,
            now + _YEARS,
            issuer=root,
            authority=True,
            path_length=0,
        ),
        root_key.sign,
    )
    import_authority(actor, root.der, fingerprint=root.digest.hex())
    import_authority(actor, below.der, key=key)
    import_crl(actor, sealing.issue_crl(NewCrl(root, 1, now, now + _YEARS), root_key.sign).der)
    fresh = DemoAuthority().fresh_list()
    assert fresh is not None
    import_crl(actor, fresh)
