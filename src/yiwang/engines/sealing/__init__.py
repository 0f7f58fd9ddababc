# SPDX-License-Identifier: Apache-2.0
"""Electronic seals (GB/T 38540-2020): SM2 keys and certificates, seals, seal signatures, verified in steps.

`make_seal` and `sign_document` make; `verify_seal` and `verify_signature` answer with a `Report` of numbered
steps and never raise; `write_openssl_kit` takes one apart so that stock OpenSSL can check it. A key that is
kept elsewhere appears here as a `Signer`: message → DER signature under SIGNER_ID.
"""

from yiwang.engines.sealing.certificates import (
    Certificate,
    NewCertificate,
    Signer,
    issue_certificate,
    parse_certificate,
    parse_certificates,
)
from yiwang.engines.sealing.crls import Crl, NewCrl, Reason, Revoked, issue_crl, parse_crl, parse_crls
from yiwang.engines.sealing.errors import LibraryMissing, SealingError, WrongPassphrase
from yiwang.engines.sealing.files import holds_signature, load_trust
from yiwang.engines.sealing.kit import write_openssl_kit
from yiwang.engines.sealing.names import Name
from yiwang.engines.sealing.names import make as make_name
from yiwang.engines.sealing.pictures import Picture
from yiwang.engines.sealing.report import Report, Step
from yiwang.engines.sealing.seals import NewSeal, Seal, SealKind, make_seal, parse_seal
from yiwang.engines.sealing.signatures import SealSignature, parse_signature, sign_document
from yiwang.engines.sealing.sm2 import SIGNER_ID, PrivateKey, PublicKey, generate, sm3
from yiwang.engines.sealing.trust import TrustStore
from yiwang.engines.sealing.verifying import verify_seal, verify_signature

__all__ = [
    "SIGNER_ID",
    "Certificate",
    "Crl",
    "LibraryMissing",
    "Name",
    "NewCertificate",
    "NewCrl",
    "NewSeal",
    "Picture",
    "PrivateKey",
    "PublicKey",
    "Reason",
    "Report",
    "Revoked",
    "Seal",
    "SealKind",
    "SealSignature",
    "SealingError",
    "Signer",
    "Step",
    "TrustStore",
    "WrongPassphrase",
    "generate",
    "holds_signature",
    "issue_certificate",
    "issue_crl",
    "load_trust",
    "make_name",
    "make_seal",
    "parse_certificate",
    "parse_certificates",
    "parse_crl",
    "parse_crls",
    "parse_seal",
    "parse_signature",
    "sign_document",
    "sm3",
    "verify_seal",
    "verify_signature",
    "write_openssl_kit",
]
