# SPDX-License-Identifier: Apache-2.0
"""Requests that the gateway itself sends to a department's system, signed as departments sign theirs
(RFC 9421, docs/formats/gateway.md): the same profile, the other way round."""

from __future__ import annotations

import secrets

from django.utils import timezone

from .domain import signing
from .system_key import system_key


def sign_request(method: str, path: str, body: bytes) -> dict[str, str]:
    """The headers that prove a request of the gateway. Raises Unavailable: its key is out of reach.

    Args:
        path: with no query: what is looked for goes into the body.
    """
    key_id, key = system_key()
    digest = signing.digest_header(body)
    params = signing.request_params(
        created=int(timezone.now().timestamp()), nonce=secrets.token_hex(16), key_id=key_id
    )
    base = signing.request_base(method=method, path=path, digest=digest, params=params)
    return {
        "Content-Digest": digest,
        "Signature-Input": f"gateway={params}",
        "Signature": f"gateway={signing.written(key.sign(base))}",
    }
