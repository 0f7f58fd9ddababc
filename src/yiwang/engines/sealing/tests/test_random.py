# SPDX-License-Identifier: Apache-2.0
"""Random seals verify here and with OpenSSL; random damage is refused; random bytes never raise."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.sealing import (
    Picture,
    SealingError,
    holds_signature,
    parse_certificate,
    parse_crl,
    parse_seal,
    parse_signature,
    sm3,
    verify_seal,
    verify_signature,
)
from yiwang.engines.sealing.tests.craft import Node
from yiwang.engines.sealing.tests.random_seals import Maker, one_bit_changed, openssl_accepts
from yiwang.engines.sealing.tests.samples import DOCUMENT, NOW, World, png

MAKER = Maker()
W = World()
TRUST = W.trust()
SEAL = W.seal()
SIGNATURE = W.signature(seal=SEAL)
CASES, TAUGHT = 150, 10


@pytest.mark.parametrize("part", range(5))
def test_random_seals_verify_and_damaged_ones_do_not(part: int) -> None:
    for number in range(part, CASES, 5):
        case, dice = MAKER.case(number), random.Random(-number)
        assert verify_seal(case.seal, case.trust, at=case.at).ok, number
        assert verify_signature(case.signature, digest=case.digest, trust=case.trust, at=case.at).ok, number
        assert holds_signature(case.signature)
        assert not holds_signature(case.seal)
        for _ in range(3):
            damaged = one_bit_changed(case.signature, dice)
            report = verify_signature(damaged, digest=case.digest, trust=case.trust, at=case.at)
            assert not report.ok, number
            assert not verify_seal(one_bit_changed(case.seal, dice), case.trust, at=case.at).ok, number


@pytest.mark.skipif(
    shutil.which("openssl") is None, reason="the system has no openssl: make test installs it"
)
@pytest.mark.parametrize("number", range(TAUGHT))
def test_openssl_agrees(number: int, tmp_path: Path) -> None:
    assert openssl_accepts(MAKER.case(number).signature, tmp_path)


TEXT = st.text(min_size=1, max_size=60).filter(lambda text: text.encode("utf-8", "ignore").decode() == text)
ASCII = st.text(st.characters(max_codepoint=127), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(name=TEXT, seal_id=ASCII, vendor=ASCII, width=st.integers(1, 200), tail=st.binary(max_size=500))
def test_what_a_seal_says_is_what_is_read(
    name: str, seal_id: str, vendor: str, width: int, tail: bytes
) -> None:
    picture = Picture("PNG", png() + tail, width, 1)
    seal = W.seal(name=name, seal_id=seal_id, vendor=vendor, picture=picture)
    read = parse_seal(seal)
    assert (read.name, read.seal_id, read.vendor, read.picture) == (name, seal_id, vendor, picture)
    assert Node.read(seal).write() == seal
    assert verify_seal(seal, TRUST, at=NOW).ok


def never_raises(data: bytes) -> None:
    """Every reader answers or raises its own error; the verifiers never raise, and never agree."""
    for read in (parse_seal, parse_signature, parse_certificate, parse_crl):
        try:
            read(data)
        except SealingError:
            continue
    seal, signature = (
        verify_seal(data, TRUST, at=NOW),
        verify_signature(data, digest=b"", trust=TRUST, at=NOW),
    )
    assert not signature.ok
    assert seal.ok is (data == SEAL)
    assert "意外" not in "".join(step.why for step in (*seal.steps, *signature.steps))


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    never_raises(data)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([SEAL, SIGNATURE, W.holder.der, W.crl().der, W.holder.pem()]),
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 255), st.sampled_from(["set", "cut", "add"])),
        min_size=1,
        max_size=4,
    ),
)
def test_any_damage(data: bytes, changes: list[tuple[int, int, str]]) -> None:
    for at, value, what in changes:
        at %= len(data) or 1
        middle = {"set": bytes((value,)), "cut": b"", "add": bytes((value,)) + data[at : at + 1]}[what]
        data = data[:at] + middle + data[at + 1 :]
    never_raises(data)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=64))
def test_any_digest(digest: bytes) -> None:
    report = verify_signature(SIGNATURE, digest=digest, trust=TRUST, at=NOW)
    assert report.ok is (digest == sm3(DOCUMENT))
