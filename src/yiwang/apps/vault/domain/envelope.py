# SPDX-License-Identifier: Apache-2.0
"""How a value is locked: authenticated encryption, in an envelope that names its key.

A value is bound to what it is about (table, column, row): put elsewhere, it does not open. A text is
`yv1.<key id>.<base64url of nonce, ciphertext, tag>`. Bytes have a key of their own, which lies locked before
them: `YWV1` + key id + locked key + locked bytes; so a file moves to a new key without being read.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from yiwang.kernel.errors import Kind, YiwangError

MARK = "yv1."
FILE_MARK = b"YWV1"
KEY_ID = re.compile(r"[0-9a-f]{8}")
_ID, _NONCE, _TAG = 8, 12, 16  # bytes
_TEXT = re.compile(r"yv1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+={0,2})")


class Sealed(YiwangError):
    """A locked value does not open."""


class Altered(Sealed):
    """It was altered, cut off, put elsewhere, or never locked by us."""


class KeyMissing(Sealed):
    """The key that it names is not in the key file, or was retired."""

    kind = Kind.UNAVAILABLE


class Algorithm(StrEnum):
    """How values are locked. SM4 is the national cipher (GB/T 32907), GCM the mode (GB/T 36624)."""

    SM4_GCM = "sm4-gcm"
    AES_256_GCM = "aes-256-gcm"

    @property
    def key_bytes(self) -> int:
        """How long a key is."""
        return 16 if self is Algorithm.SM4_GCM else 32


_ALGORITHMS = tuple(Algorithm)  # by number in an envelope: a new one goes to the end
_OWN_ABOUT = "key of one envelope"
_OWN_KEY = 33  # bytes: the algorithm's number, then a key, as much of it as the algorithm takes
_LEAD = _NONCE + _OWN_KEY + _TAG


@dataclass(frozen=True)
class Key:
    """A key by its id. `repr` does not tell the secret."""

    id: str
    algorithm: Algorithm
    secret: bytes
    made_at: str

    def __repr__(self) -> str:
        return f"Key({self.id}, {self.algorithm})"

    @property
    def check(self) -> str:
        """What tells this key from another of the same id without telling the secret."""
        return keyed_digest(self.secret, b"yiwang vault check")[:16]


@cache
def is_available(algorithm: Algorithm) -> bool:
    """Whether the machine's cryptographic library has this algorithm."""
    try:
        lock(Key("0" * _ID, algorithm, bytes(algorithm.key_bytes), ""), b"", about="")
    except UnsupportedAlgorithm:
        return False
    return True


def lock(key: Key, data: bytes, *, about: str) -> bytes:
    """Nonce, ciphertext and tag; the nonce is random, so equal values look different."""
    nonce = os.urandom(_NONCE)
    encryptor = cipher_of(key, nonce).encryptor()
    encryptor.authenticate_additional_data(_bound(key.id, about))
    return nonce + encryptor.update(data) + encryptor.finalize() + encryptor.tag


def locker(key: Key, *, about: str) -> Callable[[bytes], bytes]:
    """`lock` for many values that are about the same."""
    bound, block = _bound(key.id, about), _block(key)

    def locked(data: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(block, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return nonce + encryptor.update(data) + encryptor.finalize() + encryptor.tag

    return locked


def unlock(key: Key, locked: bytes, *, about: str) -> bytes:
    """The value. Raises Altered when it was altered, cut off, or belongs elsewhere."""
    try:
        decryptor = cipher_of(key, locked[:_NONCE], locked[-_TAG:]).decryptor()
        decryptor.authenticate_additional_data(_bound(key.id, about))
        return decryptor.update(locked[_NONCE:-_TAG]) + decryptor.finalize()
    except (InvalidTag, ValueError) as error:
        raise altered(about) from error


def cipher_of(key: Key, nonce: bytes, tag: bytes | None = None) -> Cipher[GCM]:
    """The cipher of a key, as the library has it."""
    return Cipher(_block(key), GCM(nonce, tag))


def _block(key: Key) -> SM4 | AES:
    return SM4(key.secret) if key.algorithm is Algorithm.SM4_GCM else AES(key.secret)


def _bound(key_id: str, about: str) -> bytes:
    return f"{MARK}{key_id}.{about}".encode()


def altered(about: str) -> Altered:
    """The error for a value that its key does not open. Names the column, never the row or the value."""
    return Altered(
        f"密文打不开（{about.partition('|')[0]}）：被改动过、不完整，或者是从别处搬来的。",
        mend="请不要使用这条数据；请运维人员运行 yiwang vault status，从备份核对。",
    )


def wrap_text(key_id: str, locked: bytes) -> str:
    """The envelope as text."""
    return f"{MARK}{key_id}.{base64.urlsafe_b64encode(locked).decode()}"


def open_text(text: str, *, about: str) -> tuple[str, bytes]:
    """Key id and locked bytes. Raises Altered for anything that is no envelope: plain text in a locked
    column is not believed."""
    found = _TEXT.fullmatch(text)
    try:
        if found is not None:
            return found[1], base64.urlsafe_b64decode(found[2])
    except binascii.Error:
        pass
    raise altered(about)


def wrap_bytes(key: Key, data: bytes, *, about: str) -> bytes:
    """Bytes in an envelope: locked with a key made for them, which is locked with `key`."""
    own = bytes([_ALGORITHMS.index(key.algorithm)]) + os.urandom(_OWN_KEY - 1)
    return _led_by(key, own) + lock(_own_key(own), data, about=about)


def unwrap_bytes(key: Key, sealed: bytes, *, about: str) -> bytes:
    """The bytes of an envelope, of which `open_bytes` found the key. Raises Altered."""
    try:
        own = unlock(key, sealed[:_LEAD], about=_OWN_ABOUT)
    except Altered:
        raise altered(about) from None
    return unlock(_own_key(own), sealed[_LEAD:], about=about)


def rewrap_bytes(old: Key, new: Key, sealed: bytes) -> bytes:
    """The envelope under another key; what it is about need not be known. Raises Altered."""
    return _led_by(new, unlock(old, sealed[:_LEAD], about=_OWN_ABOUT)) + sealed[_LEAD:]


def _led_by(key: Key, own: bytes) -> bytes:
    return FILE_MARK + key.id.encode() + lock(key, own, about=_OWN_ABOUT)


def _own_key(own: bytes) -> Key:
    algorithm = _ALGORITHMS[own[0]]
    return Key("own", algorithm, own[1 : 1 + algorithm.key_bytes], "")


def open_bytes(blob: bytes, *, about: str) -> tuple[str, bytes]:
    """Key id and locked bytes. Raises Altered for anything that is no envelope."""
    start = len(FILE_MARK)
    key_id = blob[start : start + _ID].decode("ascii", errors="replace")
    if not blob.startswith(FILE_MARK) or not KEY_ID.fullmatch(key_id):
        raise altered(about)
    return key_id, blob[start + _ID :]


def key_of(stored: str | bytes) -> str:
    """The id of the key that an envelope names; empty when it is no envelope."""
    try:
        return (open_text(stored, about="") if isinstance(stored, str) else open_bytes(stored, about=""))[0]
    except Sealed:
        return ""


def keyed_digest(secret: bytes, data: bytes) -> str:
    """HMAC-SM3 in hex (GB/T 15852.2, GB/T 32905); HMAC-SHA-256 where the library has no SM3."""
    mac = hmac.HMAC(secret, _hash())
    mac.update(data)
    return mac.finalize().hex()


@cache
def _hash() -> hashes.HashAlgorithm:
    try:
        hashes.Hash(hashes.SM3())
    except UnsupportedAlgorithm:
        return hashes.SHA256()
    return hashes.SM3()
