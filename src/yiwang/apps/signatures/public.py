# SPDX-License-Identifier: Apache-2.0
"""The door of signatures (电子签名).

1. A person applies once (`apply_for_signature`, 申请): handwriting drawn, photographed or made from the
   name, a key at a signing service, a certificate, a name seal (GB/T 38540) with the handwriting.
2. `sign` (应用) binds it to exact bytes, a time and how surely the signer was known; the bytes are kept.
3. `verify_signing`, `check_document` (验证) answer in numbered steps.
4. `revoke_signature` (注销) ends it; what was signed before stays signed.
"""

from __future__ import annotations

from .commands import (
    TOPIC,
    ToSign,
    apply_for_signature,
    revoke_at_service,
    revoke_signature,
    sign,
)
from .domain.pictures import Way, from_canvas, from_name, from_upload
from .domain.services import Enrolled, Enrolment, Order, SigningService
from .domain.states import Reason, State
from .domain.strength import Strength
from .plugs import use_services, use_settings, use_trust
from .queries import (
    SignatureView,
    SignedDocument,
    SigningView,
    check_document,
    login_strength,
    my_signature,
    picture_of,
    signed_by,
    signed_document,
    signing,
    signings_of,
    verify_signing,
)

__all__ = [
    "TOPIC",
    "Enrolled",
    "Enrolment",
    "Order",
    "Reason",
    "SignatureView",
    "SignedDocument",
    "SigningService",
    "SigningView",
    "State",
    "Strength",
    "ToSign",
    "Way",
    "apply_for_signature",
    "check_document",
    "from_canvas",
    "from_name",
    "from_upload",
    "login_strength",
    "my_signature",
    "picture_of",
    "revoke_at_service",
    "revoke_signature",
    "sign",
    "signed_by",
    "signed_document",
    "signing",
    "signings_of",
    "use_services",
    "use_settings",
    "use_trust",
    "verify_signing",
]
