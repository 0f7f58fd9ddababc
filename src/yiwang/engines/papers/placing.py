# SPDX-License-Identifier: Apache-2.0
"""What the three ways of sealing share: where a seal stands, what puts it there, how a check begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol, SupportsFloat

from yiwang.engines.sealing import Report, SealingError, SealSignature, TrustStore, verify_signature

SealPress = Callable[[bytes, str], bytes]
"""(SM3 digest of what is protected, document property in ASCII) → DER SES_Signature."""

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is checked at all."""

ASK = "请向发证机关核实，或要一份原件。"


class Place(Protocol):
    """The middle of the seal on the first page, in millimetres from the upper left corner."""

    @property
    def x(self) -> SupportsFloat:
        """Rightwards."""

    @property
    def y(self) -> SupportsFloat:
        """Downwards."""


def of_size(data: bytes) -> None:
    """Raises SealingError for a file beyond what is checked."""
    if len(data) > LARGEST:
        raise SealingError(f"文件超过 {LARGEST // 1024 // 1024} MB，不核验。", mend=ASK)


def same_property(signature: SealSignature, expected: str) -> str:
    """Whether the signature says that it protects `expected`. Raises SealingError."""
    if signature.document_property != expected:
        raise SealingError("签章所指的保护范围与本文件不符。", mend=ASK)
    return f"签章的保护范围是本文件（{expected}）。"


def seal_steps(der: bytes, digest: bytes, trust: TrustStore, at: dt.datetime) -> Report:
    """The steps of the seal signature itself, to come after the steps of the file."""
    return verify_signature(der, digest=digest, trust=trust, at=at)
