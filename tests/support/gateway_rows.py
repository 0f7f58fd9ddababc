# SPDX-License-Identifier: Apache-2.0
"""People of the gateway's tests, and requests as a client system signs them: nothing of Django in it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
import secrets
import time
from typing import Any

from yiwang.engines.sealing import PrivateKey, sm3
from yiwang.kernel.ids import make_id_number

PURPOSE = "核对场所的权属，不再让申请人交证明"
PARTS = '"@method" "@path" "content-digest"'


def number(serial: int) -> str:
    """The identity number of a person of the tests."""
    return make_id_number("411702", dt.date(1970 + serial // 900, 1 + serial // 75 % 12, 5), serial % 900)


def row_of(serial: int) -> dict[str, Any]:
    """The house of a person of the tests."""
    return {
        "owner": f"王第{serial}",
        "number": number(serial),
        "address": f"驻马店市驿城区雪松路{serial}号",
        "area": f"{80 + serial % 60}.5",
        "debt": "无",
    }


def signed(
    key: PrivateKey, method: str, path: str, body: bytes = b"", *, parts: str = PARTS, **params: Any
) -> dict[str, str]:
    """The headers of a request that a client signs; `params` replace what is said of the signature."""
    told = {
        **{"created": int(time.time()), "nonce": secrets.token_hex(16)},
        **{"keyid": sm3(key.public.spki).hex(), "alg": "sm2-sm3"},
    } | params
    listed = "".join(
        f";{name}={value}" if isinstance(value, int) else f';{name}="{value}"'
        for name, value in told.items()
        if value is not None
    )
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    values = {"@method": method, "@path": path, "content-digest": digest, "@authority": "testserver"}
    names = re.findall(r'"([^"]+)"', parts)
    base = "\n".join(
        [*(f'"{name}": {values[name]}' for name in names), f'"@signature-params": ({parts}){listed}']
    )
    value = base64.b64encode(key.sign(base.encode())).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig1=({parts}){listed}",
        "Signature": f"sig1=:{value}:",
    }


def body_of(grant_id: str, serial: int = 1, **more: Any) -> bytes:
    """The body of a good call; `more` replaces parts of it, None leaves one out."""
    told = {
        **{"request_id": secrets.token_hex(12), "grant": grant_id, "keys": {"number": number(serial)}},
        **{"purpose": PURPOSE, **more},
    }
    return json.dumps({k: v for k, v in told.items() if v is not None}, ensure_ascii=False).encode()
