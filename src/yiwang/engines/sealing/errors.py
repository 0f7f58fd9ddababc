# SPDX-License-Identifier: Apache-2.0
"""What can go wrong with keys, certificates and seals, in words a person can act on."""

from __future__ import annotations

from yiwang.kernel.errors import Invalid, Unavailable


class SealingError(Invalid):
    """A key, certificate, seal or signature is not what it should be."""


class WrongPassphrase(SealingError):
    """The passphrase does not open the private key."""


class LibraryMissing(Unavailable):
    """The system has no libcrypto 3, or one without SM2."""
