# SPDX-License-Identifier: Apache-2.0
"""Tables of the gateway."""

from __future__ import annotations

from .batches import Batch, BatchDownload, BatchPart
from .calls import Call, CallSubject, KeptAnswer, Outcome, QuotaUse, RefusedAttempt, SeenNonce
from .clients import Client, Credential, CredentialKind
from .sources import Source, SourceHealth

__all__ = [
    "Batch",
    "BatchDownload",
    "BatchPart",
    "Call",
    "CallSubject",
    "Client",
    "Credential",
    "CredentialKind",
    "KeptAnswer",
    "Outcome",
    "QuotaUse",
    "RefusedAttempt",
    "SeenNonce",
    "Source",
    "SourceHealth",
]
