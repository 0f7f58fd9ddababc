# SPDX-License-Identifier: Apache-2.0
"""What a revocation does to what was signed before, and what a late, old or partial list proves."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from yiwang.engines.sealing import (
    Crl,
    NewCrl,
    Reason,
    Report,
    Revoked,
    SealingError,
    TrustStore,
    generate,
    issue_crl,
    sm3,
    verify_seal,
    verify_signature,
)
from yiwang.engines.sealing import trust as trusting
from yiwang.engines.sealing.extensions import SCOPE, Meaning, Scope, scope_of
from yiwang.engines.sealing.tests.samples import DOCUMENT, END, NOW, START, World

W = World()
DAY = dt.timedelta(days=1)
LATER = NOW + 30 * DAY
SEAL = W.seal()
SIGNATURE = W.signature(seal=SEAL, at=NOW)


def judged(*lists: Crl, at: dt.datetime = LATER) -> Report:
    """The signature of NOW, verified later with these lists."""
    return verify_signature(SIGNATURE, digest=sm3(DOCUMENT), trust=TrustStore((W.root,), lists), at=at)


def revoked(
    when: dt.datetime, reason: Reason = Reason.SUPERSEDED, since: dt.datetime | None = None
) -> Revoked:
    """The signer's certificate revoked."""
    return Revoked(W.holder.serial, when, reason, since)


REFUSED = "签章者证书撤销状态"


@pytest.mark.parametrize(
    ("entry", "passes"),
    [
        (revoked(NOW - DAY), False),
        (revoked(NOW), False),
        (revoked(NOW + DAY), True),
        (revoked(NOW + DAY, Reason.CESSATION), True),
        (revoked(NOW + DAY, Reason.UNSPECIFIED), True),
        (revoked(NOW + DAY, Reason.SUPERSEDED, since=NOW - DAY), False),
        (revoked(NOW + DAY, Reason.KEY_COMPROMISE), False),
        (revoked(NOW + DAY, Reason.KEY_COMPROMISE, since=NOW + DAY), False),
        (revoked(NOW + DAY, Reason.CA_COMPROMISE), False),
        (revoked(NOW - DAY, Reason.HOLD), False),
        (revoked(NOW + DAY, Reason.HOLD), True),
    ],
)
def test_what_a_revocation_does_to_a_signature_made_before_or_after(entry: Revoked, passes: bool) -> None:
    report = judged(W.crl(entry))
    assert report.ok is passes
    assert passes or (report.failed is not None and report.failed.name == REFUSED)


def test_a_list_that_arrives_late_still_refuses() -> None:
    before = W.crl(at=START, until=END, number=1)
    late = W.crl(revoked(NOW - DAY), at=NOW + 10 * DAY, number=2)
    assert judged(before, at=NOW).ok
    assert not judged(before, late).ok
    assert not judged(late, before).ok
    assert not judged(late).ok
    assert not judged(before, late, at=NOW).ok, "what is known now counts, whatever time is asked about"


def test_a_certificate_that_fell_off_a_newer_list_stays_revoked() -> None:
    old = W.crl(revoked(NOW - DAY), at=NOW, number=1)
    new = W.crl(at=NOW + DAY, number=2)
    assert not judged(old, new).ok


def test_a_hold_ends_with_the_next_list() -> None:
    held = W.crl(revoked(NOW - DAY, Reason.HOLD), at=NOW, number=1)
    free = W.crl(at=NOW + DAY, number=2)
    lifted = W.crl(revoked(NOW + DAY, Reason.REMOVED), at=NOW + DAY, number=2)
    assert not judged(held).ok
    assert judged(held, free).ok
    assert judged(held, lifted).ok


def test_nothing_known_is_nothing_good() -> None:
    for lists in ((), (W.crl(at=START, until=LATER - DAY),), (World().crl(),)):
        report = judged(*lists)
        assert report.failed is not None
        assert report.failed.name == "制章者证书撤销状态"


def test_a_maker_whose_key_leaked_takes_the_seals_with_it() -> None:
    lists = W.crl(Revoked(W.maker.serial, LATER, Reason.KEY_COMPROMISE))
    for report in (verify_seal(SEAL, TrustStore((W.root,), (lists,)), at=NOW), judged(lists)):
        assert report.failed is not None
        assert report.failed.name == "制章者证书撤销状态"


def test_a_signature_outlives_seal_and_certificate() -> None:
    report = judged(W.crl(until=END + 4000 * DAY), at=END + 3000 * DAY)
    assert report.ok, report.failed
    assert not verify_seal(SEAL, TrustStore((W.root,), (W.crl(until=END + 4000 * DAY),)), at=END + DAY).ok


def test_a_list_with_an_unknown_critical_part_proves_no_good_but_still_revokes() -> None:
    odd = replace(W.crl(), unknown=("2.5.29.27",))
    assert not judged(odd).ok
    odd = replace(W.crl(revoked(NOW - DAY)), unknown=("2.5.29.27",))
    assert judged(odd, W.crl(at=START + DAY)).failed is not None


def test_a_list_that_contradicts_itself_is_no_list() -> None:
    with pytest.raises(SealingError, match="两次"):
        W.crl(revoked(NOW, Reason.HOLD), revoked(NOW, Reason.KEY_COMPROMISE))


HERE, THERE = "http://ca.example/1.crl", "http://ca.example/2.crl"


@pytest.mark.parametrize(
    ("point", "passes"), [("", True), (HERE, True), (THERE, False)], ids=["all", "its part", "another part"]
)
def test_a_list_of_some_certificates_says_nothing_of_others(point: str, passes: bool) -> None:
    certificate = W.issue("某局", generate(), points=("http://ca.example/more.crl", HERE))
    crl = issue_crl(NewCrl(W.root, 1, START, END, (), point), W.root_key.sign)
    chain, store = (certificate, W.root), TrustStore((W.root,), (crl,))
    if passes:
        trusting.check_revocation(chain, store, used_at=NOW, now=NOW)
        return
    with pytest.raises(SealingError, match="一份也没有"):
        trusting.check_revocation(chain, store, used_at=NOW, now=NOW)


def test_a_newer_list_of_others_does_not_end_a_hold() -> None:
    certificate = W.issue("某局", generate(), points=(HERE,))
    held = Revoked(certificate.serial, START, Reason.HOLD)
    chain = (certificate, W.root)
    parts = [
        issue_crl(NewCrl(W.root, 1, START, END, (held,), HERE), W.root_key.sign),
        issue_crl(NewCrl(W.root, 2, START + DAY, END, (), THERE), W.root_key.sign),
    ]
    with pytest.raises(SealingError, match="暂停使用"):
        trusting.check_revocation(chain, TrustStore((W.root,), tuple(parts)), used_at=NOW, now=NOW)


@pytest.mark.parametrize(
    ("scope", "users", "authorities"),
    [
        (Scope(), True, True),
        (Scope(users_only=True), True, False),
        (Scope(authorities_only=True), False, True),
        (Scope(whole=False), False, False),
        (Scope(points=frozenset()), False, False),
    ],
)
def test_of_whom_a_list_speaks(scope: Scope, users: bool, authorities: bool) -> None:
    assert scope.covers(Meaning()) is users
    assert scope.covers(Meaning(authority=True)) is authorities


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3000", Scope()),
        ("30038101ff", Scope(users_only=True)),
        ("30038201ff", Scope(authorities_only=True)),
        ("30038401ff", Scope(whole=False)),
        ("3004830205c0", Scope(whole=False)),
        ("300981010082010084010" + "0", Scope(whole=False)),
    ],
)
def test_the_scope_of_a_list(written: str, read: Scope) -> None:
    assert scope_of({SCOPE: (True, bytes.fromhex(written))}) == read
