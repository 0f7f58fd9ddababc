# SPDX-License-Identifier: Apache-2.0
"""Where keys live: the interface that every key store meets (《办法》第十九条).

A file store is in `adapters/`; how a cipher machine (服务器密码机) or an intelligent cryptographic key
(智能密码钥匙) fits in is told in `docs/guides/key-stores.md`. `tests/keeper_contract.py` is what any
keeper must pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from yiwang.kernel.errors import Invalid, NotFound, Unavailable

from .passphrases import Limits

Signer = Callable[[bytes], bytes]
"""Message → DER signature (SM2 with SM3, signer id 1234567812345678)."""


class WrongPassphrase(Invalid):
    """The passphrase is not the key's. Counted by the keeper."""


class KeyLocked(Unavailable):
    """Too many wrong passphrases: the key does nothing for a while."""


class NoSuchKey(NotFound):
    """The keeper has no key of this name (any more)."""


class KeyKeeper(Protocol):
    """Keeps SM2 private keys; none ever leaves it. A key is named by an id of `[a-z0-9_-]`.

    `signer`, `change_passphrase` raise WrongPassphrase, KeyLocked, NoSuchKey; all raise Unavailable
    when the store is out of reach. The count of wrong passphrases is the keeper's own: it outlives
    the caller's transaction.
    """

    name: str

    def generate(self, key: str, passphrase: str) -> bytes:
        """Make a key; returns the public key's point (65 bytes). Raises Conflict when it exists."""
        ...

    def public_key(self, key: str) -> bytes:
        """The public key's point. Needs no passphrase."""
        ...

    def signer(self, key: str, passphrase: str, limits: Limits) -> Signer:
        """Open the key: what is returned signs until it is forgotten."""
        ...

    def change_passphrase(self, key: str, old: str, new: str, limits: Limits) -> None:
        """From now on only `new` opens the key; a crash leaves either the old or the new one valid."""
        ...

    def destroy(self, key: str) -> None:
        """Make the key unusable for ever. A key that is gone already is no error."""
        ...
