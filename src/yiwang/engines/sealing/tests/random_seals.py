# SPDX-License-Identifier: Apache-2.0
"""Random worlds, seals and documents, the same for the same number; and what stock OpenSSL says of them."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yiwang.engines.sealing import (
    Certificate,
    NewSeal,
    Picture,
    PrivateKey,
    SealKind,
    TrustStore,
    generate,
    make_seal,
    sign_document,
    sm3,
    write_openssl_kit,
)
from yiwang.engines.sealing.tests.samples import END, START, World, png

_LETTERS = "市县区局厅处科章专用审批财政𠮷㙍䶮·ABCxyz019 （）“”é\u200bأ"
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>{}</text></svg>'


@dataclass(frozen=True)
class Case:
    """One random seal, and one random document sealed with it. `at`: when both are verified."""

    seal: bytes
    signature: bytes
    digest: bytes
    trust: TrustStore
    at: dt.datetime


class Maker:
    """Makes the cases of one world; keys are drawn anew in each run, all else follows the number."""

    def __init__(self) -> None:
        self.world = World()
        self.trust = self.world.trust()
        self.people = [self._person(number) for number in range(12)]

    def _person(self, number: int) -> tuple[Certificate, PrivateKey]:
        key = generate()
        return self.world.issue(f"签章者{number}" + "长" * (number * 9), key), key

    def case(self, number: int) -> Case:
        """The case of a number."""
        dice = random.Random(number)
        holders = dice.sample(self.people, dice.randint(1, 6))
        start = _between(dice, START, END - dt.timedelta(days=2))
        end = _between(dice, start + dt.timedelta(days=1), END)
        new = NewSeal(
            seal_id=_some(dice, _ASCII, 40),
            name=_some(dice, _LETTERS, 60),
            kind=dice.choice(list(SealKind)),
            holders=tuple(certificate for certificate, _ in holders),
            picture=_picture(dice),
            not_before=start,
            not_after=end,
            made_at=_between(dice, START, start),
            vendor=_some(dice, _ASCII, 12),
        )
        seal = make_seal(new, maker=self.world.maker, signer=self.world.maker_key.sign)
        certificate, key = dice.choice(holders)
        at, digest = _between(dice, start, end), sm3(dice.randbytes(dice.randrange(300)))
        signature = sign_document(
            seal=seal,
            digest=digest,
            document_property=_some(dice, _ASCII, 80),
            at=at,
            certificate=certificate,
            signer=key.sign,
        )
        return Case(seal, signature, digest, self.trust, at)


def _some(dice: random.Random, letters: str, most: int) -> str:
    return "".join(dice.choices(letters, k=dice.randint(1, most)))


def _between(dice: random.Random, first: dt.datetime, last: dt.datetime) -> dt.datetime:
    zone = dt.timezone(dt.timedelta(hours=dice.randint(-11, 13)))
    seconds = dice.randint(0, int((last - first).total_seconds()))
    return (first + dt.timedelta(seconds=seconds)).astimezone(zone)


def _picture(dice: random.Random) -> Picture:
    sides = dice.randint(1, 200), dice.randint(1, 200)
    if dice.random() < 0.3:
        return Picture("SVG", _SVG.format("圆" * dice.randrange(2000)).encode(), *sides)
    return Picture(
        "PNG", png(dice.randint(1, 90), dice.randint(1, 90)) + dice.randbytes(dice.randrange(3000)), *sides
    )


def openssl_accepts(data: bytes, folder: Path) -> bool:
    """Whether OpenSSL's command line accepts every signature in it."""
    commands = write_openssl_kit(data, folder)
    done = subprocess.run(
        ["/bin/sh", "-ec", "\n".join(commands)], cwd=folder, capture_output=True, check=False
    )
    return done.returncode == 0


def one_bit_changed(data: bytes, dice: random.Random) -> bytes:
    """The data with one bit turned over somewhere."""
    at = dice.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << dice.randrange(8),)) + data[at + 1 :]
