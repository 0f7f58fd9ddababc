# SPDX-License-Identifier: Apache-2.0
"""One function per use case: lock, allow, decide, write, record."""

from __future__ import annotations

from .applying import FollowUp, NewPaper, NewSeal, apply_for_seal, approve, refuse, renew, withdraw
from .cancelling import ask_cancellation, cancel, resume, revoke_signature
from .imprints import FiledImprint, record_imprint
from .keys import change_passphrase, make_key
from .making import file_seal, make, make_maker_key, register_maker
from .nightly import look_after
from .personal import issue_personal_seal
from .pressing import Press, SealRefused, SystemPress, personal_press, pressing, system_press
from .trusting import Judged, distrust, import_authority, import_crl
from .uses import NewUse, approve_use, end_use, refuse_use, request_use, withdraw_use

__all__ = [
    "FiledImprint",
    "FollowUp",
    "Judged",
    "NewPaper",
    "NewSeal",
    "NewUse",
    "Press",
    "SealRefused",
    "SystemPress",
    "apply_for_seal",
    "approve",
    "approve_use",
    "ask_cancellation",
    "cancel",
    "change_passphrase",
    "distrust",
    "end_use",
    "file_seal",
    "import_authority",
    "import_crl",
    "issue_personal_seal",
    "look_after",
    "make",
    "make_key",
    "make_maker_key",
    "personal_press",
    "pressing",
    "record_imprint",
    "refuse",
    "refuse_use",
    "register_maker",
    "renew",
    "request_use",
    "resume",
    "revoke_signature",
    "system_press",
    "withdraw",
    "withdraw_use",
]
