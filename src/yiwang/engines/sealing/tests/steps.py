# SPDX-License-Identifier: Apache-2.0
"""One honest seal and signature, the names of all steps, and how to say where a forgery must fail."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.sealing import Report, sm3, verify_seal, verify_signature
from yiwang.engines.sealing.tests.samples import DOCUMENT, NOW, World

W = World()
SEAL = W.seal()
SIGNATURE = W.signature(seal=SEAL)
TRUST = W.trust()
DAY = dt.timedelta(days=1)

SEAL_FORM, SEAL_OWN, PICTURE = "印章数据结构", "印章扩展项", "印模图像"
SEAL_ALGORITHM, SEAL_VALUE, SEAL_PERIOD = "印章签名算法", "印章签名值", "印章有效期"
MAKER_CHAIN, MAKER_USAGE = "制章者证书信任链", "制章者证书密钥用法"
MAKER_PERIOD, MAKER_REVOKED = "制章者证书有效期", "制章者证书撤销状态"
FORM, OWN, LISTED = "签章数据结构", "签章扩展项", "签章者证书在印章列表中"
ALGORITHM, VALUE, DOCUMENT_STEP = "签章签名算法", "签章签名值", "原文杂凑值"
SIGNER_CHAIN, SIGNER_USAGE = "签章者证书信任链", "签章者证书密钥用法"
SIGNER_PERIOD, SIGNER_REVOKED = "签章者证书有效期", "签章者证书撤销状态"


def of_seal(data: bytes, at: dt.datetime = NOW) -> Report:
    """The seal verified."""
    return verify_seal(data, TRUST, at=at)


def of_signature(data: bytes, at: dt.datetime = NOW) -> Report:
    """The signature verified against the right document."""
    return verify_signature(data, digest=sm3(DOCUMENT), trust=TRUST, at=at)


def refused_at(report: Report, name: str) -> None:
    """Whether it failed at that step, and nothing after it is called good."""
    assert report.failed is not None, "it passed"
    assert report.failed.name == name, report.failed
    assert all(step.ok and step.checked for step in report.steps[: report.failed.number - 1])
    assert not any(step.ok or step.checked for step in report.steps[report.failed.number :])
