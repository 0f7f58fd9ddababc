# SPDX-License-Identifier: Apache-2.0
"""For a department's system that receives the gateway's own requests (docs/formats/corrections.md): was this
signed by the gateway, and just now? Nothing of Django in it."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.engines.sealing import PublicKey

from .domain import signing


def believed(
    key: PublicKey, headers: Mapping[str, str], body: bytes, *, path: str, now: int, skew: int
) -> str:
    """The nonce of a POST that the gateway signed; whoever receives it takes each nonce once.

    Args:
        key: the gateway's public key. headers: by their usual names. path: without a query.
        now, skew: seconds since 1970, and how far the clocks may be apart.

    Raises NotAllowed.
    """
    told = signing.read_signature(headers.get("Signature-Input", ""), headers.get("Signature", ""))
    signing.check_time(told, now=now, skew=skew)
    digest = headers.get("Content-Digest", "")
    signing.check_digest(digest, body)
    parts = {"@method": "POST", "@path": path, "content-digest": digest}
    if not set(told.parts) <= set(parts):
        raise signing.malformed("签名的范围不是网关所用的")
    if not key.verify(signing.base_of(told, parts.__getitem__), told.value):
        raise signing.Refused("signature", "签名不是网关的。", "请核对网关的公钥和编号。")
    return told.nonce
