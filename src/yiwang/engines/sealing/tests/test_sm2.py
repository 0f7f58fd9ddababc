# SPDX-License-Identifier: Apache-2.0
"""SM2 and SM3 against the standards' examples, a second implementation, many threads and rubbish."""

from __future__ import annotations

import ctypes
import subprocess
from concurrent.futures import ThreadPoolExecutor

import gmssl_pyx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.sealing import (
    SIGNER_ID,
    LibraryMissing,
    PrivateKey,
    PublicKey,
    SealingError,
    WrongPassphrase,
    generate,
    libcrypto,
    pem,
    sm2,
    sm3,
)
from yiwang.engines.sealing.der import Reader

KEY = generate()
OTHER_ID = b"ALICE123@YAHOO.COM"
MESSAGES = st.binary(max_size=300)


def raw_private(key: PrivateKey) -> bytes:
    """The 32 octets of a private key, out of its PKCS#8 form."""
    fields = Reader(pem.read("PRIVATE KEY", key.to_pem(None))[0]).sequence()
    fields.integer()
    fields.sequence()
    inner = Reader(fields.octets()).sequence()
    inner.integer()
    return inner.octets()


def test_sm3_gives_the_example_of_the_standard() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_the_example_of_the_standard_verifies_under_its_own_id_only() -> None:
    key = PublicKey(sm2._EXAMPLE_POINT)
    assert key.verify(b"message digest", sm2._EXAMPLE_SIGNATURE)
    assert not key.verify(b"message digest", sm2._EXAMPLE_SIGNATURE, signer_id=OTHER_ID)
    assert not key.verify(b"message digest!", sm2._EXAMPLE_SIGNATURE)


@settings(max_examples=25, deadline=None)
@given(MESSAGES.filter(bool), st.sampled_from([SIGNER_ID, OTHER_ID]))
def test_what_we_sign_a_second_implementation_accepts(message: bytes, signer_id: bytes) -> None:
    signature = KEY.sign(message, signer_id=signer_id)
    assert gmssl_pyx.sm2_verify(KEY.public.point[1:], message, signature, signer_id)


@settings(max_examples=25, deadline=None)
@given(MESSAGES.filter(bool), st.sampled_from([SIGNER_ID, OTHER_ID]))
def test_what_a_second_implementation_signs_we_accept(message: bytes, signer_id: bytes) -> None:
    public, private = gmssl_pyx.sm2_key_generate()
    signature = gmssl_pyx.sm2_sign(private, public, message, signer_id)
    key = PublicKey(b"\x04" + public)
    assert key.verify(message, signature, signer_id=signer_id)
    assert not key.verify(message, signature, signer_id=b"somebody else")


def test_both_derive_the_same_public_key_and_digest() -> None:
    assert gmssl_pyx.sm2_verify(
        KEY.public.point[1:], b"m", gmssl_pyx.sm2_sign(raw_private(KEY), KEY.public.point[1:], b"m")
    )
    assert gmssl_pyx.sm3_hash(b"seal" * 99) == sm3(b"seal" * 99)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=90))
def test_rubbish_is_never_a_signature(rubbish: bytes) -> None:
    assert not KEY.public.verify(b"m", rubbish)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s + b"\x00",
        lambda s: s[:-1],
        lambda s: b"\x30\x81" + s[1:],
        lambda s: bytes([0x30, s[1] + 1, 0x02, s[3] + 1, 0]) + s[4:],
        lambda s: b"\x30\x06\x02\x01\x00\x02\x01\x00",
    ],
    ids=["tail", "cut", "long length", "padded integer", "zeros"],
)
def test_another_writing_of_a_signature_is_refused(change: object) -> None:
    signature = KEY.sign(b"m")
    assert callable(change)
    assert not KEY.public.verify(b"m", change(signature))


@pytest.mark.parametrize("point", [b"", b"\x04" * 65, b"\x04" + b"\x00" * 64, b"\x02" + b"\x01" * 32])
def test_what_is_no_point_of_the_curve_is_no_key(point: bytes) -> None:
    with pytest.raises(SealingError):
        PublicKey(point)


def test_a_private_key_survives_its_envelope() -> None:
    locked = KEY.to_pem("口令 correct horse")
    assert PrivateKey.from_pem(locked, "口令 correct horse").public == KEY.public
    assert raw_private(KEY) not in locked
    assert PrivateKey.from_pem(KEY.to_pem(None), None).public == KEY.public
    assert KEY.to_pem("口令 correct horse") != locked


@pytest.mark.parametrize("passphrase", ["wrong", None, ""])
def test_a_wrong_passphrase_is_told(passphrase: str | None) -> None:
    with pytest.raises(WrongPassphrase):
        PrivateKey.from_pem(KEY.to_pem("right"), passphrase)


def test_an_empty_passphrase_locks_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        KEY.to_pem("")


@pytest.mark.parametrize(
    "text", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff"]
)
def test_what_is_no_private_key_is_told(text: bytes) -> None:
    with pytest.raises(SealingError):
        PrivateKey.from_pem(text, None)


def test_a_private_key_with_somebody_elses_public_key_is_refused() -> None:
    text = pem.read("PRIVATE KEY", KEY.to_pem(None))[0]
    mixed = pem.write("PRIVATE KEY", text.replace(KEY.public.point, generate().public.point))
    with pytest.raises(SealingError, match="不相配"):
        PrivateKey.from_pem(mixed, None)


def test_a_key_of_another_curve_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    other = ec.generate_private_key(ec.SECP256R1())
    text = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(SealingError, match="不是 SM2"):
        PrivateKey.from_pem(text, None)


def test_many_threads_may_use_one_key() -> None:
    def work(number: int) -> bool:
        message = str(number).encode()
        return KEY.public.verify(message, KEY.sign(message)) and not KEY.public.verify(
            b"x", KEY.sign(message)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))


class TestLibrary:
    """What is said when the system has no usable libcrypto."""

    @pytest.fixture(autouse=True)
    def _fresh(self) -> object:
        libcrypto.library.cache_clear()
        yield
        libcrypto.library.cache_clear()

    def test_none_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(name: str) -> None:
            raise OSError(name)

        monkeypatch.setattr(ctypes, "CDLL", refuse)
        with pytest.raises(LibraryMissing, match="找不到 libcrypto 3"):
            libcrypto.library()

    def test_one_without_the_functions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(libcrypto, "_NAMES", ("libm.so.6",))
        with pytest.raises(LibraryMissing, match="缺少需要的函数"):
            libcrypto.library()

    def test_one_that_is_too_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(libcrypto, "_FIRST_VERSION", 0xF0000000)
        with pytest.raises(LibraryMissing, match="版本低于"):
            libcrypto.library()

    def test_one_without_sm2(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(libcrypto, "_CURVE", b"NO-SUCH-CURVE")
        with pytest.raises(LibraryMissing, match="没有 SM2"):
            libcrypto.library()


def test_a_library_that_takes_any_id_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    sm2._tested.cache_clear()
    monkeypatch.setattr(sm2, "_verify", lambda *_: True)
    try:
        with pytest.raises(LibraryMissing, match="自检"):
            generate()
    finally:
        sm2._tested.cache_clear()


def test_a_public_key_is_read_as_openssl_writes_it() -> None:
    key = sm2.generate().public
    assert sm2.PublicKey.from_pem(key.to_pem()) == key
    asked = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    assert subprocess.run(asked, input=key.to_pem(), capture_output=True, check=True).stdout == key.spki
    for wrong in (b"", key.to_pem() * 2, key.to_pem().replace(b"PUBLIC", b"PRIVATE"), b"\xff"):
        with pytest.raises(SealingError):
            sm2.PublicKey.from_pem(wrong)
