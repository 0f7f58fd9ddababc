# SPDX-License-Identifier: Apache-2.0
"""A seal beside a JSON document: an envelope of canonical JSON (RFC 8785) with the SES_Signature in it.

    {"document": …, "format": "yiwang-sealed/1", "seal": {"property": "document", "value": "<base64>"}}

What the seal signs is the SM3 of the canonical bytes of `document`. The envelope itself MUST be
canonical: one document, one file.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.papers.placing import ASK, SealPress, of_size, same_property, seal_steps
from yiwang.engines.sealing import Report, SealingError, SealSignature, TrustStore, parse_signature, sm3
from yiwang.engines.sealing.report import walk
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Invalid

FORMAT = "yiwang-sealed/1"
_PROPERTY = "document"
_LARGEST = 4 * 1024 * 1024


def seal_json(data: bytes, press: SealPress) -> bytes:
    """The JSON document `data` in an envelope with its seal. `press` is called once. Raises SealingError."""
    document = _loaded(data)
    value = press(sm3(canonical_json(document)), _PROPERTY)
    return _envelope(document, value)


def _envelope(document: Any, value: bytes) -> bytes:
    seal = {"property": _PROPERTY, "value": base64.b64encode(value).decode()}
    return canonical_json({"document": document, "format": FORMAT, "seal": seal})


@dataclass
class _Case:
    """An envelope under check, and what was found so far."""

    data: bytes
    envelope: Any = None
    protected: bytes = b""
    der: bytes = b""
    signature: SealSignature | None = field(default=None, repr=False)


def check_json(data: bytes, trust: TrustStore, *, at: dt.datetime) -> Report:
    """Numbered steps: the envelope, then the seal. Never raises."""
    case = _Case(data)
    report = Report(walk(case, _STEPS), "JSON 文件")
    return report.merge(seal_steps(case.der, sm3(case.protected), trust, at))


def protected_json(data: bytes) -> tuple[bytes, bytes]:
    """The canonical document of a sealed JSON, and the SES_Signature over it. Raises SealingError."""
    case = _Case(data)
    for _, step in _STEPS:
        step(case)
    return case.protected, case.der


def _read(case: _Case) -> str:
    of_size(case.data)
    case.envelope = _loaded(case.data)
    keys = {"document", "format", "seal"}
    if not isinstance(case.envelope, dict) or set(case.envelope) != keys:
        raise SealingError("文件不是带电子签章的 JSON。", mend=ASK)
    if case.envelope["format"] != FORMAT:
        raise SealingError("文件的格式版本不认识。", mend=ASK)
    return f"带签章的 JSON，{len(case.data)} 字节。"


def _value(case: _Case) -> str:
    seal = case.envelope["seal"]
    if not isinstance(seal, dict) or set(seal) != {"property", "value"} or not isinstance(seal["value"], str):
        raise SealingError("签章数据残缺。", mend=ASK)
    try:
        case.der = base64.b64decode(seal["value"], validate=True)
    except ValueError as error:
        raise SealingError("签章数据残缺。", mend=ASK) from error
    case.signature = parse_signature(case.der)
    case.protected = canonical_json(case.envelope["document"])
    return f"签章数据 {len(case.der)} 字节。"


def _canonical(case: _Case) -> str:
    if _envelope(case.envelope["document"], case.der) != case.data:
        raise SealingError("文件不是规范写法：内容被重新排过或夹带了别的内容。", mend=ASK)
    return "文件是规范 JSON，一个字节也不多。"


def _same(case: _Case) -> str:
    assert case.signature is not None
    return same_property(case.signature, _PROPERTY)


_STEPS = [
    ("文件是带签章的 JSON", _read),
    ("签章数据完整", _value),
    ("文件是规范写法", _canonical),
    ("签章的保护范围与文件一致", _same),
]


def _loaded(data: bytes) -> Any:
    """The value of JSON text: no key twice, no floats. Raises SealingError."""
    if len(data) > _LARGEST:
        raise SealingError("JSON 文件过大。", mend=ASK)
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number
        )
        canonical_json(value)
    except (ValueError, RecursionError, Invalid) as error:
        raise SealingError("文件不是规范的 JSON，或层次太深。", mend=ASK) from error
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"not allowed: {text[:20]}")
