# SPDX-License-Identifier: Apache-2.0
"""HTTP Message Signatures (RFC 9421) with SM2, in one strict profile: docs/formats/gateway.md.

A request is signed over method, path and the digest of its body (RFC 9530), with time, nonce and key; a
reply over its status, its digest, and the signature of the request it answers. One signature a message, in
the canonical spelling; whatever can be read in two ways is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yiwang.kernel.errors import NotAllowed

ALGORITHM = "sm2-sm3"
"""Our name: the registry has none for SM2. The signature is DER, under the signer id of GB/T 35276."""
COVERED = ("@method", "@path", "content-digest")
"""What a request's signature covers at least."""
_KNOWN = {*COVERED, "@authority", "@query", "content-type"}
_LONGEST = 2_000  # characters of a header
_LABEL = r"[a-z][a-z0-9_-]{0,19}"
_INPUT = re.compile(
    rf'(?P<label>{_LABEL})=(?P<rest>\((?P<parts>"[a-z@-]+"(?: "[a-z@-]+")*)\)'
    r'(?P<params>(?:;[a-z]{1,10}=(?:\d{1,15}|"[A-Za-z0-9_.:+/=-]{1,128}")){1,6}))'
)
_PARAM = re.compile(r';([a-z]+)=(?:(\d+)|"([^"]*)")')
_SIGNATURE = re.compile(rf"(?P<label>{_LABEL})=:(?P<value>[A-Za-z0-9+/]{{8,200}}={{0,2}}):")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class Refused(NotAllowed):
    """A request that is not believed. `why` is for machines: see docs/formats/gateway.md."""

    def __init__(self, why: str, message: str, mend: str) -> None:
        super().__init__(message, mend=mend)
        self.why = why


@dataclass(frozen=True)
class Signed:
    """What a request says of its signature; nothing of it is believed yet."""

    label: str
    parts: tuple[str, ...]
    rest: str
    key_id: str
    created: int
    nonce: str
    expires: int | None
    value: bytes


def digest_header(body: bytes) -> str:
    """The `Content-Digest` of a body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def read_signature(signature_input: str, signature: str) -> Signed:
    """Take the two headers apart. Raises Refused."""
    told, value = _INPUT.fullmatch(signature_input[:_LONGEST]), _SIGNATURE.fullmatch(signature[:_LONGEST])
    if told is None or value is None or told["label"] != value["label"]:
        raise malformed("Signature-Input 或 Signature 的写法不对")
    parts = tuple(part.strip('"') for part in told["parts"].split(" "))
    found = _PARAM.findall(told["params"])
    params = {name: whole or text for name, whole, text in found}
    if len(params) != len(found) or len(set(parts)) != len(parts):
        raise malformed("签名的参数或范围有重复")
    if not set(COVERED) <= set(parts) <= _KNOWN:
        raise malformed(f"签名的范围应含 {'、'.join(COVERED)}，可另含 @authority、@query、content-type")
    if params.get("alg", ALGORITHM) != ALGORITHM:
        raise Refused("algorithm", "签名算法不对。", f"请用 {ALGORITHM}（SM2 签名，SM3 摘要）。")
    return _signed(told["label"], parts, told["rest"], params, value["value"])


def _signed(label: str, parts: tuple[str, ...], rest: str, params: Mapping[str, str], value: str) -> Signed:
    try:
        return Signed(
            label=label,
            parts=parts,
            rest=rest,
            key_id=params["keyid"],
            created=int(params["created"]),
            nonce=params["nonce"],
            expires=int(params["expires"]) if "expires" in params else None,
            value=base64.b64decode(value, validate=True),
        )
    except (KeyError, ValueError, binascii.Error):
        raise malformed("签名应写明 created、nonce、keyid") from None


def malformed(what: str) -> Refused:
    """The refusal of a signature that cannot be read."""
    return Refused("malformed", f"{what}。", "请照接口说明（docs/formats/gateway.md）签名。")


SHORTEST_NONCE = 16


def check_time(signed: Signed, *, now: int, skew: int) -> None:
    """Raise Refused when the clocks are further apart than `skew` seconds, or the signature expired."""
    if len(signed.nonce) < SHORTEST_NONCE or len(signed.nonce) > 80:
        raise malformed(f"nonce 应为 {SHORTEST_NONCE} 到 80 个字符的随机数")
    if abs(now - signed.created) > skew or (signed.expires is not None and signed.expires < now):
        raise Refused(
            "clock",
            f"签名时间与网关的时间相差超过 {skew} 秒，或签名已过期。",
            "请校准服务器时间（NTP）后重新签名。",
        )


def check_digest(header: str, body: bytes) -> None:
    """Raise Refused when the body is not the one that was signed."""
    if not _DIGEST.fullmatch(header) or header != digest_header(body):
        raise Refused(
            "body", "请求内容与 Content-Digest 不符。", "请对实际发送的字节计算 sha-256，不要中途改写。"
        )


def base_of(signed: Signed, component: Callable[[str], str]) -> bytes:
    """The bytes that are signed (RFC 9421, 2.5). `component` gives each part's value."""
    lines = [f'"{name}": {component(name)}' for name in signed.parts]
    return "\n".join([*lines, f'"@signature-params": {signed.rest}']).encode()


def reply_base(*, status: int, digest: str, request_signature: str, params: str) -> bytes:
    """What a reply's signature covers: status, digest, and the signature of the request, if it had one."""
    lines = [f'"@status": {status}', f'"content-digest": {digest}']
    if request_signature:
        lines.append(f'"signature";req: {request_signature}')
    return "\n".join([*lines, f'"@signature-params": {params}']).encode()


def reply_params(*, with_request: bool, created: int, key_id: str) -> str:
    """The signature parameters of a reply."""
    parts = '"@status" "content-digest"' + (' "signature";req' if with_request else "")
    return f'({parts});created={created};keyid="{key_id}";alg="{ALGORITHM}"'


def request_params(*, created: int, nonce: str, key_id: str) -> str:
    """The signature parameters of a request that the gateway sends."""
    parts = " ".join(f'"{one}"' for one in COVERED)
    return f'({parts});created={created};nonce="{nonce}";keyid="{key_id}";alg="{ALGORITHM}"'


def request_base(*, method: str, path: str, digest: str, params: str) -> bytes:
    """What the signature of a request covers that the gateway sends."""
    lines = [f'"@method": {method}', f'"@path": {path}', f'"content-digest": {digest}']
    return "\n".join([*lines, f'"@signature-params": {params}']).encode()


def is_signature(header: str) -> bool:
    """Whether a `Signature` header is spelt as ours are."""
    return bool(_SIGNATURE.fullmatch(header[:_LONGEST]))


def written(value: bytes) -> str:
    """Bytes as a header has them."""
    return f":{base64.b64encode(value).decode()}:"
