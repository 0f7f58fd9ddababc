# SPDX-License-Identifier: Apache-2.0
"""Marks in tables that leave the house: which export a copy comes from, even from a part of it.

Two marks that change no value:

* a record number for each row (记录号), sealed under our key: it opens to the export's code and the row's
  number. One row is enough. Whoever takes the column out takes this mark out.
* blanks at the end of free text, in columns that the exporter names: four blanks, each an ASCII or a
  full-width one, say four of the code's forty bits; which four follows from the text. Blanks at the end
  are no part of a value and exist in every encoding (GBK too), unlike invisible characters.

Neither proves that a table is unmarked, and both can be removed by somebody who knows of them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from yiwang.kernel.late import Late

np: Any = Late("numpy")

CODE_BITS = 40
_CODE, _ROW, _ZEROS = 5, 5, 6  # bytes of a record number's block; the zeros tell ours from any other
_NUMBER = re.compile(r"R([0-9A-F]{32})")
_BITS, _CHUNKS = 4, 10  # of the code: so many in one text, so many such pieces
_BLANKS = " \u3000"
_TAIL = re.compile(rf"(?<![{_BLANKS}])[{_BLANKS}]{{{_BITS}}}$")
_SURE = 1e-4


@dataclass(frozen=True)
class Trace:
    """What a table says of one export: how many rows or texts name it, and the chance (an upper bound)
    that a table which is none of it would say so."""

    code: int
    rows: int
    texts: int
    chance: float


class Marker:
    """Writes and reads marks under one key (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._sealing = _ciphers(key)[0].encryptor()
        self._opening: list[CipherContext] = [one.decryptor() for one in _ciphers(key)]

    def number(self, code: int, row: int) -> str:
        """The record number of a row (from 0) of an export."""
        block = code.to_bytes(_CODE, "big") + row.to_bytes(_ROW, "big") + bytes(_ZEROS)
        return "R" + self._sealing.update(block).hex().upper()

    def numbers(self, code: int, start: int, count: int) -> list[str]:
        """The record numbers of a run of rows, all at once."""
        said = self.sealed(code, start, count).hex().upper()
        return ["R" + said[at : at + 32] for at in range(0, len(said), 32)]

    def sealed(self, code: int, start: int, count: int) -> bytes:
        """The same as bytes, sixteen for each row: what a record number says in hexadecimal."""
        blocks = np.zeros((count, _CODE + _ROW + _ZEROS), dtype=np.uint8)
        blocks[:, :_CODE] = np.frombuffer(code.to_bytes(_CODE, "big"), dtype=np.uint8)
        rows = np.arange(start, start + count, dtype=">u8").view(np.uint8).reshape(count, 8)
        blocks[:, _CODE : _CODE + _ROW] = rows[:, 8 - _ROW :]
        return self._sealing.update(blocks.tobytes())

    def text(self, code: int, text: str) -> str:
        """A text with blanks at its end; the empty text stays empty."""
        bare = text.rstrip(_BLANKS)
        if not bare:
            return text
        place, noise = self._drawn(bare)
        bits = _piece(code, place) ^ noise
        return bare + "".join(_BLANKS[bits >> bit & 1] for bit in range(_BITS))

    def _drawn(self, bare: str) -> tuple[int, int]:
        """Which piece of the code a text carries, and what hides it."""
        drawn = hashlib.blake2b(bare.encode(errors="surrogatepass"), key=self._key, digest_size=8).digest()
        return int.from_bytes(drawn[:4], "big") % _CHUNKS, drawn[4] & (1 << _BITS) - 1

    def codes_in_numbers(self, rows: Iterable[Sequence[object]]) -> Counter[int]:
        """The codes that record numbers open to, with how many rows each."""
        found: Counter[int] = Counter()
        for row in rows:
            found.update({code for cell in row if (code := self._opened(cell)) is not None})
        return found

    def _opened(self, cell: object) -> int | None:
        match = _NUMBER.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match is None:
            return None
        sealed = bytes.fromhex(match[1])
        for opening in self._opening:
            block = opening.update(sealed)
            if block.endswith(bytes(_ZEROS)):
                return int.from_bytes(block[:_CODE], "big")
        return None

    def pieces(self, rows: Iterable[Sequence[object]]) -> Counter[tuple[int, int]]:
        """The pieces of codes that texts carry: (which, its bits), with how many different texts each."""
        seen = {cell for row in rows for cell in row if isinstance(cell, str) and _TAIL.search(cell)}
        found: Counter[tuple[int, int]] = Counter()
        for cell in seen:
            bare, blanks = cell[:-_BITS], cell[-_BITS:]
            place, noise = self._drawn(bare)
            found[place, sum(_BLANKS.index(one) << bit for bit, one in enumerate(blanks)) ^ noise] += 1
        return found


def traces(numbers: Counter[int], pieces: Counter[tuple[int, int]], known: Iterable[int]) -> list[Trace]:
    """The exports that a table comes from, the surest first. `known`: the codes of all exports.

    A record number errs with 2^-48. By its texts an export is named when they, by majority for each
    piece, say its code as far as they say one: for `n` exports and `k` pieces said, a table that is none
    of them names one with a chance of at most `n · 16^-k`; below that of one in ten thousand only.
    """
    known = set(known)
    said = _said(pieces)
    by_texts = min(1.0, len(known) * 2.0 ** -(_BITS * len(said)))
    found = []
    for code in known:
        fits = by_texts < _SURE and all(_piece(code, place) == bits for place, bits in said.items())
        texts = sum(pieces[place, bits] for place, bits in said.items()) if fits else 0
        if numbers[code] or fits:
            by_numbers = 2.0 ** -(8 * _ZEROS) if numbers[code] else 1.0
            found.append(Trace(code, numbers[code], texts, min(by_numbers, by_texts if fits else 1.0)))
    return sorted(found, key=lambda one: (-one.rows, -one.texts, one.code))


def _said(pieces: Counter[tuple[int, int]]) -> dict[int, int]:
    """For each piece the bits that more than half of its texts carry."""
    found: dict[int, int] = {}
    for (place, bits), count in pieces.items():
        if 2 * count > sum(pieces[place, other] for other in range(1 << _BITS)):
            found[place] = bits
    return found


def _piece(code: int, place: int) -> int:
    return code >> (_BITS * place) & (1 << _BITS) - 1


def _ciphers(key: bytes) -> list[Cipher[ECB]]:
    """SM4, and AES for what was marked where there was no SM4. One block each: ECB is the bare cipher."""
    found: list[Cipher[ECB]] = []
    for algorithm in (SM4, AES):
        try:
            cipher = Cipher(algorithm(key[:16]), ECB())  # noqa: S305 # nosec B305 - a single block
            cipher.encryptor()
            found.append(cipher)
        except UnsupportedAlgorithm:
            continue
    return found
