# SPDX-License-Identifier: Apache-2.0
"""A real seal for tests: an authority, a maker, and the seal that presses days."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from django.utils import timezone
from PIL import Image

from yiwang.engines import sealing

_LASTS = dt.timedelta(days=3650)


@dataclass(frozen=True)
class Sealer:
    """An authority with a seal under it."""

    root: sealing.Certificate
    trust: sealing.TrustStore
    seal: bytes
    certificate: sealing.Certificate
    key: sealing.PrivateKey

    def press(self, digest: bytes, name: str) -> bytes:
        """Seal what has this digest."""
        return sealing.sign_document(
            seal=self.seal,
            digest=digest,
            document_property=name,
            at=timezone.now(),
            certificate=self.certificate,
            signer=self.key.sign,
        )

    def check(self, der: bytes, digest: bytes) -> str:
        """As `verify` wants it."""
        report = sealing.verify_signature(der, digest=digest, trust=self.trust, at=timezone.now())
        return f"第{report.failed.number}步：{report.failed.why}" if report.failed else ""

    @classmethod
    def make(cls, now: dt.datetime) -> Sealer:
        """An authority that is a day old, and its seal."""
        since, ca, maker_key, key = now - dt.timedelta(days=1), *(sealing.generate() for _ in range(3))

        def certify(
            name: str, public: sealing.PublicKey, issuer: sealing.Certificate | None
        ) -> sealing.Certificate:
            new = sealing.NewCertificate(
                subject=sealing.make_name(name),
                key=public,
                not_before=since,
                not_after=since + _LASTS,
                issuer=issuer,
                authority=issuer is None,
            )
            return sealing.issue_certificate(new, ca.sign)

        root = certify("示例认证机构", ca.public, None)
        maker, holder = (
            certify("示例制章单位", maker_key.public, root),
            certify("示例运营单位", key.public, root),
        )
        picture = io.BytesIO()
        Image.new("RGBA", (200, 200), (200, 0, 0, 80)).save(picture, "PNG")
        new = sealing.NewSeal(
            seal_id="41170000000001",
            name="示例运营单位",
            kind=sealing.SealKind.UNIT,
            holders=(holder,),
            picture=sealing.Picture("PNG", picture.getvalue(), 40, 40),
            not_before=holder.not_before,
            not_after=holder.not_after,
            made_at=since,
        )
        crl = sealing.issue_crl(sealing.NewCrl(root, 1, since, since + _LASTS), ca.sign)
        seal = sealing.make_seal(new, maker=maker, signer=maker_key.sign)
        return cls(root, sealing.TrustStore((root,), (crl,)), seal, holder, key)
