# SPDX-License-Identifier: Apache-2.0
"""A seal is made, a document is sealed, both verify; and each says where it does not."""

from __future__ import annotations

from yiwang.engines.sealing import sm3, verify_seal, verify_signature
from yiwang.engines.sealing.tests.samples import DOCUMENT, NOW, World

WORLD = World()


def test_a_seal_verifies() -> None:
    report = verify_seal(WORLD.seal(), WORLD.trust(), at=NOW)
    assert report.ok, report.failed
    assert [step.number for step in report.steps] == list(range(1, 11))


def test_a_sealed_document_verifies() -> None:
    report = verify_signature(WORLD.signature(), digest=sm3(DOCUMENT), trust=WORLD.trust(), at=NOW)
    assert report.ok, report.failed


def test_a_changed_document_is_refused_at_its_digest() -> None:
    report = verify_signature(WORLD.signature(), digest=sm3(DOCUMENT + b"!"), trust=WORLD.trust(), at=NOW)
    assert report.failed
    assert report.failed.name == "原文杂凑值"


def test_a_step_after_a_failed_one_is_never_reported_good() -> None:
    report = verify_signature(b"0\x00", digest=sm3(DOCUMENT), trust=WORLD.trust(), at=NOW)
    assert not any(step.ok for step in report.steps)
    assert [step.checked for step in report.steps] == [True] + [False] * (len(report.steps) - 1)
