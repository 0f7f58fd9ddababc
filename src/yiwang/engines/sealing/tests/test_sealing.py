# SPDX-License-Identifier: Apache-2.0
"""A seal is made, a document is sealed, both verify; and each says where it does not."""

from __future__ import annotations

from yiwang.engines.sealing import Picture, Report, Step, sm3, verify_seal, verify_signature
from yiwang.engines.sealing.report import walk
from yiwang.engines.sealing.seals import KEPT
from yiwang.engines.sealing.tests.samples import DOCUMENT, NOW, World, png

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


def test_a_report_goes_on_in_another() -> None:
    good, bad = Report((Step(1, "甲", True, "好"),), "甲"), Report((Step(1, "乙", False, "坏"),), "乙")
    both = good.merge(bad).merge(good)
    assert [(step.number, step.name, step.ok, step.checked) for step in both.steps] == [
        (1, "甲", True, True),
        (2, "乙", False, True),
        (3, "甲", False, False),
    ]
    assert both.subject == "甲"
    assert both.failed == both.steps[1]
    assert Report((), "").merge(good).ok
    assert not Report((), "").ok


def test_a_fault_nobody_thought_of_fails_the_step() -> None:
    def broken(_: object) -> str:
        raise RecursionError

    steps = walk(None, [("甲", broken), ("乙", lambda _: "好")])
    assert [step.ok for step in steps] == [False, False]
    assert "RecursionError" in steps[0].why


def test_a_seal_too_big_to_be_kept_is_judged_as_well() -> None:
    seal = WORLD.seal(picture=Picture("PNG", png() + bytes(KEPT), 42, 42))
    assert verify_seal(seal, WORLD.trust(), at=NOW).ok
    changed = seal.replace(bytes(9), bytes(8) + b"\x01", 1)
    failed = verify_seal(changed, WORLD.trust(), at=NOW).failed
    assert failed is not None
    assert failed.name == "印章签名值"
