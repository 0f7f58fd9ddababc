# SPDX-License-Identifier: Apache-2.0
"""Seal signatures made and verified, against the bare SM2 of the same library over the same bytes.

The bare loop calls libcrypto and nothing else: no structure, no certificate, no step. Verifying here walks
all steps; what does not change between documents (the seal, certificates, lists) is worked out once, as in
use. The last line is the first look at a seal never seen before: four signatures to check instead of one.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable

from yiwang.engines.sealing import Picture, sign_document, sm3, verify_signature
from yiwang.engines.sealing.libcrypto import from_der, library
from yiwang.engines.sealing.signatures import parse_signature
from yiwang.engines.sealing.sm2 import SIGNER_ID
from yiwang.engines.sealing.tests.samples import NOW, World, png

from .measure import Line, in_turns

DOCUMENTS, ROUNDS, FRESH = 200, 9, 40
PICTURE_BYTES = 15_000  # as a real seal of 42 mm has
TARGET = 1 / 0.7  # at least 0.7 of the bare rate


def run() -> list[Line]:
    """Three lines; raises AssertionError when what is made does not verify."""
    world = World()
    trust, digests = world.trust(), [sm3(str(number).encode()) for number in range(DOCUMENTS)]
    seal = world.seal(picture=Picture("PNG", png() + os.urandom(PICTURE_BYTES), 42, 42))

    def make() -> list[bytes]:
        return [_sealed(world, seal, digest) for digest in digests]

    made = make()
    parsed = [parse_signature(one) for one in made]
    signing, verifying = bare(world)

    def check() -> None:
        for one, digest in zip(made, digests, strict=True):
            assert verify_signature(one, digest=digest, trust=trust, at=NOW).ok

    lines = [
        _line(f"{DOCUMENTS} documents sealed", make, lambda: [signing(one.signed) for one in parsed]),
        _line(
            f"{DOCUMENTS} seal signatures verified, 20 steps each",
            check,
            lambda: [verifying(one.signed, one.signature) for one in parsed],
        ),
    ]
    return [*lines, _first_look()]


def _first_look() -> Line:
    """Signatures of worlds never met before, against the four bare verifications that each needs."""
    worlds = [World() for _ in range(FRESH)]
    digest = sm3(b"first")
    waiting = [(world.trust(), _sealed(world, world.seal(), digest)) for world in worlds]
    _, verifying = bare(worlds[0])
    signed = parse_signature(waiting[0][1])
    looks = iter(waiting)

    def look() -> None:
        trust, data = next(looks)
        assert verify_signature(data, digest=digest, trust=trust, at=NOW).ok

    def four() -> None:
        for _ in range(4):
            verifying(signed.signed, signed.signature)

    mine, raw = in_turns(look, four, rounds=FRESH - 3)
    return Line(
        "one seal signature never seen before",
        "four bare verifications",
        mine,
        raw,
        mine.median / raw.median,
        None,
    )


def _line(what: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Line:
    mine, raw = in_turns(ours, theirs, rounds=ROUNDS)
    return Line(what, "bare libcrypto SM2 with SM3", mine, raw, mine.median / raw.median, round(TARGET, 2))


def _sealed(world: World, seal: bytes, digest: bytes) -> bytes:
    return sign_document(
        seal=seal,
        digest=digest,
        document_property="/document",
        at=NOW,
        certificate=world.holder,
        signer=world.holder_key.sign,
    )


def bare(world: World) -> tuple[Callable[[bytes], bytes], Callable[[bytes, bytes], None]]:
    """Sign and verify with the holder's key by the library's calls alone."""
    crypto, private = library(), world.holder_key._pointer
    public = from_der("d2i_PUBKEY", world.holder.public_key.spki)

    def begin(pointer: int | None, start: Callable[..., int]) -> tuple[int, int]:
        digest, key = crypto.EVP_MD_CTX_new(), crypto.EVP_PKEY_CTX_new(pointer, None)
        crypto.EVP_MD_CTX_set_pkey_ctx(digest, key)
        crypto.EVP_PKEY_CTX_set1_id(key, SIGNER_ID, len(SIGNER_ID))
        assert start(digest, None, crypto.EVP_sm3(), None, pointer) == 1
        return digest, key

    def end(digest: int, key: int) -> None:
        crypto.EVP_MD_CTX_free(digest)
        crypto.EVP_PKEY_CTX_free(key)

    def sign(message: bytes) -> bytes:
        digest, key = begin(private, crypto.EVP_DigestSignInit)
        buffer, length = ctypes.create_string_buffer(80), ctypes.c_size_t(80)
        assert crypto.EVP_DigestSign(digest, buffer, ctypes.byref(length), message, len(message)) == 1
        end(digest, key)
        return buffer.raw[: length.value]

    def verify(message: bytes, signature: bytes) -> None:
        digest, key = begin(public, crypto.EVP_DigestVerifyInit)
        assert crypto.EVP_DigestVerify(digest, signature, len(signature), message, len(message)) == 1
        end(digest, key)

    return sign, verify
