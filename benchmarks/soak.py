# SPDX-License-Identifier: Apache-2.0
"""Make thousands of random seals and signatures: our verifier and OpenSSL's command line must accept each,
and refuse each after one bit is changed. `python -m benchmarks.soak [COUNT] [--from NUMBER]`.

A case that goes wrong is kept as a file, with its number, so that it can be made again.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from yiwang.engines.sealing import verify_seal, verify_signature
from yiwang.engines.sealing.kit import verify_command
from yiwang.engines.sealing.tests.random_seals import Case, Maker, one_bit_changed, openssl_accepts

COUNT, SAY_EVERY = 10_000, 500


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=COUNT)
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first case")
    chosen = parser.parse_args(arguments)
    maker, wrong, start = Maker(), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for done, number in enumerate(range(chosen.first, chosen.first + chosen.count), 1):
            case = maker.case(number)
            for complaint in complaints(case, number, Path(folder)):
                wrong += 1
                print(f"case {number}: {complaint}; kept as {_keep(case, number)}", flush=True)
            if done % SAY_EVERY == 0 or done == chosen.count:
                rate = done / (time.monotonic() - start)
                print(f"{done:,} of {chosen.count:,}, {wrong} wrong, {rate:.0f} a second", flush=True)
    print(f"{chosen.count:,} seals and {chosen.count:,} signatures, {wrong} wrong.")
    return 1 if wrong else 0


def complaints(case: Case, number: int, folder: Path) -> Iterator[str]:
    """What went wrong with one case."""
    if failed := verify_seal(case.seal, case.trust, at=case.at).failed:
        yield f"our verifier refuses the seal at {failed}"
    report = verify_signature(case.signature, digest=case.digest, trust=case.trust, at=case.at)
    if report.failed:
        yield f"our verifier refuses the signature at {report.failed}"
    if not openssl_accepts(case.signature, folder):
        yield "OpenSSL refuses the signature or its seal"
    dice = random.Random(-number)
    damaged = one_bit_changed(case.signature, dice)
    if verify_signature(damaged, digest=case.digest, trust=case.trust, at=case.at).ok:
        yield "our verifier accepts a damaged signature"
    if verify_seal(one_bit_changed(case.seal, dice), case.trust, at=case.at).ok:
        yield "our verifier accepts a damaged seal"
    yield from _openssl_on_damage(folder, dice)


def _openssl_on_damage(folder: Path, dice: random.Random) -> Iterator[str]:
    """Damage one of the files of the kit and ask OpenSSL again; the key files are there already."""
    name, what = dice.choice(["seal", "document"]), dice.choice(["signed", "signature"])
    path = folder / f"{name}.{what}.der"
    path.write_bytes(one_bit_changed(path.read_bytes(), dice))
    if openssl_verifies(folder, name):
        yield f"OpenSSL accepts {path.name} with one bit changed"


def openssl_verifies(folder: Path, name: str) -> bool:
    """Whether OpenSSL accepts one part of a kit as it lies there."""
    done = subprocess.run(
        ["/bin/sh", "-c", verify_command(name)], cwd=folder, capture_output=True, check=False
    )
    return done.returncode == 0


def _keep(case: Case, number: int) -> Path:
    path = Path(tempfile.gettempdir()) / f"soak-{number}.dat"
    path.write_bytes(case.signature)
    return path


if __name__ == "__main__":
    sys.exit(main())
