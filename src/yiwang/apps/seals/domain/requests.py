# SPDX-License-Identifier: Apache-2.0
"""Ask a certificate authority for a certificate: a PKCS#10 request (RFC 2986) over an SM2 key."""

from __future__ import annotations

from base64 import b64encode

from yiwang.engines.sealing import PublicKey, der, names
from yiwang.engines.sealing.certificates import Signer, algorithm

_ATTRIBUTES = 0xA0


def certificate_request(common_name: str, organization: str, point: bytes, signer: Signer) -> bytes:
    """The request (DER), signed with the key that it is for. Raises SealingError for a wrong name or key."""
    info = der.sequence(
        der.integer(0),
        names.make(common_name, organization=organization).der,
        PublicKey(point).spki,
        der.field(_ATTRIBUTES, b""),
    )
    return der.sequence(info, algorithm(), der.bits(signer(info)))


def as_pem(request: bytes) -> str:
    """The request as PEM, which is what authorities take."""
    text = b64encode(request).decode()
    rows = [text[at : at + 64] for at in range(0, len(text), 64)]
    begin, end = "-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----"
    return "\n".join([begin, *rows, end, ""])
