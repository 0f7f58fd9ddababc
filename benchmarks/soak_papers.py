# SPDX-License-Identifier: Apache-2.0
"""Draw and seal thousands of random licences as PDF, OFD and JSON: our check and OpenSSL's command line must
accept each, and our check refuse each after one bit is changed. `python -m benchmarks.soak_papers [COUNT]`.

Templates are those of the house; values are random text of every character the fonts have. What does not
fit its box, or has no glyph, must be said so: any other error counts as wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from yiwang.engines import house
from yiwang.engines.definitions.kinds import Template
from yiwang.engines.definitions.kinds.templates import Face
from yiwang.engines.papers import (
    QR,
    CharacterMissing,
    TooLong,
    check_file,
    licence_json,
    protected_parts,
    render_ofd,
    render_pdf,
    seal_json,
    seal_ofd,
    seal_pdf,
    system_fonts,
)
from yiwang.engines.papers.zips import ZipProblem, read
from yiwang.engines.sealing import parse_signature, sm3
from yiwang.engines.sealing.tests.random_seals import one_bit_changed, openssl_accepts

from .papers import NOW, Office

COUNT, SAY_EVERY, OPENSSL_EVERY = 3_000, 100, 10


class Draw:
    """Random licences, each from its number alone."""

    def __init__(self) -> None:
        self.office, self.fonts = Office(), system_fonts()
        self.templates = [one for _, one in sorted(house.load().templates.items())]

    @cached_property
    def letters(self) -> str:
        """Every character the fonts have, and a few they have not."""
        known = self.fonts.file(Face.SONG).characters()
        return "".join(map(chr, known)) + "\U00030001\u200b" * 20

    def values(self, template: Template, dice: random.Random) -> dict[str, str]:
        """A value for each field: names of a few letters, now and then something long or strange."""
        return {QR: f"https://zwfw.example.gov.cn/v/{dice.randrange(10**9)}"} | {
            field.key: self._text(dice) or "张三" for field in template.fields
        }

    def _text(self, dice: random.Random) -> str:
        common = "驻马店市驿城区老张面馆张三李四2026年6月1日·（）AZaz09-"
        letters = self.letters if dice.random() < 0.1 else common
        return "".join(dice.choices(letters, k=dice.choice([2, 4, 8, 12, 30, 2, 4, 8, 12, 300]))).strip()

    def sealed(self, number: int) -> dict[str, bytes]:
        """The three files of licence `number`. Raises TooLong, CharacterMissing."""
        dice = random.Random(number)
        template = dice.choice(self.templates)
        values, office = self.values(template, dice), self.office
        pdf = render_pdf(template, values, fonts=self.fonts)
        ofd = render_ofd(template, values, fonts=self.fonts, on=NOW.date())
        return {
            "pdf": seal_pdf(pdf, office.picture, template.seal, office.press),
            "ofd": seal_ofd(ofd, office.picture, template.seal, office.press, seal=office.seal),
            "json": seal_json(licence_json(template, values), office.press),
        }


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak_papers", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=COUNT)
    count = parser.parse_args(arguments).count
    draw, wrong, refused, start = Draw(), 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            try:
                files = draw.sealed(number)
            except (TooLong, CharacterMissing):
                refused += 1
                continue
            for complaint in complaints(draw, files, number, Path(folder)):
                wrong += 1
                print(f"licence {number}: {complaint}", flush=True)
            if number % SAY_EVERY == SAY_EVERY - 1:
                rate = (number + 1) / (time.monotonic() - start)
                print(f"{number + 1:,} of {count:,}, {wrong} wrong, {rate:.0f} a second", flush=True)
    print(f"{count:,} licences in three forms, {refused} refused for what they say, {wrong} wrong.")
    return 1 if wrong else 0


def complaints(draw: Draw, files: dict[str, bytes], number: int, folder: Path) -> Iterator[str]:
    """What went wrong with the files of one licence."""
    dice = random.Random(-number)
    for form, data in files.items():
        report = check_file(data, draw.office.trust, at=NOW)
        if report.failed:
            yield f"our check refuses the {form} at {report.failed}"
            continue
        [(_, protected, der)] = protected_parts(data)
        if sm3(protected) != parse_signature(der).digest:
            yield f"what the {form} protects is not what was signed"
        if number % OPENSSL_EVERY == 0 and not openssl_accepts(der, folder):
            yield f"OpenSSL refuses the seal of the {form}"
        damaged = one_bit_changed(data, dice)
        if check_file(damaged, draw.office.trust, at=NOW).ok and not _same(damaged, data):
            yield f"our check accepts a damaged {form}"


def _same(one: bytes, other: bytes) -> bool:
    """Two packages of the same files: times and attributes in a ZIP mean nothing."""
    try:
        return [(e.name, e.content) for e in read(one)] == [(e.name, e.content) for e in read(other)]
    except ZipProblem:
        return False


if __name__ == "__main__":
    sys.exit(main())
