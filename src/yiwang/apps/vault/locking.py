# SPDX-License-Identifier: Apache-2.0
"""Lock and open single values with the keys of this installation; find values without storing them."""

from __future__ import annotations

from collections.abc import Callable

from .domain import envelope
from .keyring import index_keys, ring


def encrypt(data: bytes, *, about: str) -> bytes:
    """Lock bytes with the current key. They open only with the same `about` (what they belong to).

    Raises Unavailable or Invalid when there is no usable key file.
    """
    keys = ring(make=True)
    return envelope.wrap_bytes(keys.key(keys.current), data, about=about)


def decrypt(blob: bytes, *, about: str) -> bytes:
    """Open what `encrypt` locked. Raises Altered, KeyMissing, Unavailable."""
    key_id, sealed = envelope.open_bytes(blob, about=about)
    return envelope.unwrap_bytes(ring().key(key_id), sealed, about=about)


def rewrap(blob: bytes) -> bytes:
    """What `encrypt` locked, moved to the current key. Raises Altered, KeyMissing, Unavailable."""
    keys = ring()
    key_id, sealed = envelope.open_bytes(blob, about="")
    return envelope.rewrap_bytes(keys.key(key_id), keys.key(keys.current), sealed)


def encrypt_text(data: bytes, *, about: str) -> str:
    """The same as text, for columns."""
    keys = ring(make=True)
    return envelope.wrap_text(keys.current, envelope.lock(keys.key(keys.current), data, about=about))


def text_locker(*, about: str) -> Callable[[bytes], str]:
    """`encrypt_text` for many values in one go, with the key that is current now."""
    keys = ring(make=True)
    lock = envelope.locker(keys.key(keys.current), about=about)
    return lambda data: envelope.wrap_text(keys.current, lock(data))


def decrypt_text(text: str, *, about: str) -> bytes:
    """Open what `encrypt_text` locked. Raises Altered, KeyMissing, Unavailable."""
    key_id, locked = envelope.open_text(text, about=about)
    return envelope.unlock(ring().key(key_id), locked, about=about)


def blind_index(text: str, *, purpose: str) -> str:
    """A keyed digest (64 hex digits) by which an exact value is found; each purpose has its own key,
    so that the same number in two columns cannot be matched without the key."""
    return envelope.keyed_digest(index_keys(purpose)[0], text.encode())


def blind_indexes(text: str, *, purpose: str) -> tuple[str, ...]:
    """Everything by which an exact value may be found: under the key in use, and under earlier ones, since
    columns move to a new key in steps, and what is never changed keeps its own."""
    return tuple(envelope.keyed_digest(one, text.encode()) for one in index_keys(purpose))


def index_is_changing() -> bool:
    """Whether columns may still hold values of an earlier index key."""
    return ring(make=True).index_is_changing
