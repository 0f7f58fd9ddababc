# SPDX-License-Identifier: Apache-2.0
"""Check a sealed file, whatever its form: what it is, is told by its content, never by its name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from yiwang.engines.papers.json_seals import check_json, protected_json
from yiwang.engines.papers.ofd_seals import check_ofd, protected_ofd
from yiwang.engines.papers.pdf_seals import check_pdf, protected_pdf
from yiwang.engines.papers.placing import ASK
from yiwang.engines.sealing import Report, SealingError, Step, TrustStore


class _Form(NamedTuple):
    """A form of file."""

    name: str
    begins: bytes
    check: Callable[..., Report]
    protected: Callable[[bytes], tuple[bytes, bytes]]
    part: str


_FORMS = (
    _Form("pdf", b"%PDF-", check_pdf, protected_pdf, "document.pdf.protected"),
    _Form("ofd", b"PK\x03\x04", check_ofd, protected_ofd, "Signature.xml"),
    _Form("json", b"{", check_json, protected_json, "document.json"),
)


def form_of(data: bytes) -> str | None:
    """pdf, ofd or json, by content; None for anything else."""
    return next((form.name for form in _FORMS if data.startswith(form.begins)), None)


def check_file(data: bytes, trust: TrustStore, *, at: dt.datetime) -> Report:
    """The numbered steps for a sealed PDF, OFD or JSON. Never raises; anything else fails step 1."""
    for form in _FORMS:
        if data.startswith(form.begins):
            return form.check(data, trust, at=at)
    why = "文件不是 PDF、OFD 或 JSON。"
    return Report((Step(1, "认出文件格式", False, why),), "无法识别的文件")


def protected_parts(data: bytes) -> list[tuple[str, bytes, bytes]]:
    """(file name, protected bytes, DER SES_Signature) of each seal in a file, for the OpenSSL kit.

    SM3 of the protected bytes is what stands in the signature. Raises SealingError when it is no sealed file.
    """
    for form in _FORMS:
        if data.startswith(form.begins):
            protected, der = form.protected(data)
            return [(form.part, protected, der)]
    raise SealingError("文件不是 PDF、OFD 或 JSON。", mend=ASK)
