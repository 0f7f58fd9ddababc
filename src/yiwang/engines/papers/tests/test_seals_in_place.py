# SPDX-License-Identifier: Apache-2.0
"""A sealed file passes; whatever is done to it afterwards is refused, in every form."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from yiwang.engines.papers import check_file, form_of, protected_parts, render_pdf, seal_pdf
from yiwang.engines.papers.zips import read
from yiwang.engines.sealing import (
    SealingError,
    TrustStore,
    parse_signature,
    sm3,
    write_openssl_kit,
)
from yiwang.engines.sealing.tests.samples import NOW, World

from .support import VALUES, checked, fonts, office, sealed, template

FORMS = ("pdf", "ofd", "json")


@pytest.mark.parametrize("form", FORMS)
def test_a_sealed_file_passes_every_step(form: str) -> None:
    data = sealed(form)
    report = checked(data)
    assert report.ok, report.failed
    assert form_of(data) == form
    assert all(step.ok and step.why for step in report.steps)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_protected_has_the_digest_in_the_signature(form: str) -> None:
    [(name, protected, der)] = protected_parts(sealed(form))
    assert sm3(protected) == parse_signature(der).digest
    assert name


@pytest.mark.parametrize("form", FORMS)
def test_openssl_accepts_the_seal_and_refuses_it_after_one_flipped_bit(form: str, tmp_path: Path) -> None:
    [(_, protected, der)] = protected_parts(sealed(form))
    commands = write_openssl_kit(der, tmp_path)
    assert [run(command, tmp_path) for command in commands] == [0] * len(commands)
    (tmp_path / "protected").write_bytes(protected)
    told = subprocess.run(
        ["openssl", "dgst", "-sm3", "-binary", "protected"], cwd=tmp_path, capture_output=True, check=True
    )
    assert told.stdout == parse_signature(der).digest
    signed = next(path for path in tmp_path.glob("*.signed.der") if told.stdout in path.read_bytes())
    data = bytearray(signed.read_bytes())
    data[data.index(told.stdout)] ^= 1
    signed.write_bytes(bytes(data))
    assert any(run(command, tmp_path) != 0 for command in commands)


def run(command: str, folder: Path) -> int:
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, check=False).returncode


@pytest.mark.parametrize("form", FORMS)
def test_another_authority_another_time_and_no_trust_are_refused(form: str) -> None:
    data = sealed(form)
    late = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)
    assert not check_file(data, World().trust(), at=NOW).ok
    assert not check_file(data, TrustStore((), ()), at=NOW).ok
    assert not check_file(data, office().believed, at=late).ok


@pytest.mark.parametrize("form", FORMS)
def test_every_flipped_byte_is_refused(form: str) -> None:
    data = sealed(form)
    chance = random.Random(20260601)
    places = {*range(0, len(data), len(data) // 60), *range(30), *range(len(data) - 60, len(data))}
    places |= {chance.randrange(len(data)) for _ in range(60)}
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        report = checked(bytes(changed))
        assert not report.ok or same_content(bytes(changed), data), f"byte {place} of {len(data)}"


def same_content(one: bytes, other: bytes) -> bool:
    """Two packages of the same files: what ZIP says besides (times, attributes) means nothing."""
    return form_of(one) == "ofd" and [(e.name, e.content) for e in read(one)] == [
        (e.name, e.content) for e in read(other)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_truncation_is_refused(form: str) -> None:
    data = sealed(form)
    for length in [*range(0, len(data), len(data) // 25), len(data) - 1]:
        assert not checked(data[:length]).ok


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tail", [b" ", b"\n", b"\0", b"%%EOF\n", b"PK\x05\x06" + bytes(18)])
def test_nothing_may_follow(form: str, tail: bytes) -> None:
    assert not checked(sealed(form) + tail).ok


@pytest.mark.parametrize("junk", [b"", b"{", b"%PDF-", b"PK\x03\x04", b"\x89PNG\r\n", b"<html>", bytes(1000)])
def test_anything_else_is_refused_at_the_first_step(junk: bytes) -> None:
    failed = checked(junk).failed
    assert failed is not None
    assert failed.number == 1
    with pytest.raises(SealingError):
        protected_parts(junk)


def test_random_bytes_never_raise() -> None:
    chance = random.Random(7)
    for begin in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b'{"a":'):
        for _ in range(150):
            assert not checked(begin + chance.randbytes(chance.randrange(400))).ok


def test_openssl_is_there() -> None:
    assert shutil.which("openssl"), "install openssl: licences are checked with it"


def slow_press(times: list[float]) -> Callable[[bytes, str], bytes]:
    def press(digest: bytes, about: str) -> bytes:
        times.append(0.0)
        return office().press(digest, about)

    return press


def test_the_press_is_used_once() -> None:
    times: list[float] = []
    pdf = render_pdf(template(), VALUES, fonts=fonts())
    seal_pdf(pdf, office().picture, template().seal, slow_press(times))
    assert len(times) == 1
