# SPDX-License-Identifier: Apache-2.0
"""Take a seal or a seal signature apart into plain files that stock OpenSSL can check by itself.

For each signature in it: the bytes that were signed, the signature, the signer's certificate; and the
commands that verify one against the others. Nothing of this project is needed to run them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yiwang.engines.sealing.certificates import parse_certificate
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.seals import Seal, parse_seal
from yiwang.engines.sealing.signatures import SealSignature, parse_signature
from yiwang.engines.sealing.sm2 import SIGNER_ID

_ID = f"distid:{SIGNER_ID.decode()}"


@dataclass(frozen=True)
class Part:
    """One signature in the kit. `name`: of its files. `title`: Chinese, what it shows."""

    name: str
    title: str
    signed: bytes
    signature: bytes
    certificate: bytes


def write_openssl_kit(data: bytes, directory: Path) -> list[str]:
    """Write the parts of a seal or a seal signature into `directory`; return the commands that check them.

    Commands are run inside that directory; each prints what it found and ends with 0 only when it is right.
    Raises SealingError when the data is neither a seal nor a seal signature.
    """
    directory.mkdir(parents=True, exist_ok=True)
    commands: list[str] = []
    for part in parts_of(data):
        (directory / f"{part.name}.signed.der").write_bytes(part.signed)
        (directory / f"{part.name}.signature.der").write_bytes(part.signature)
        certificate = parse_certificate(part.certificate)
        (directory / f"{part.name}.certificate.pem").write_bytes(certificate.pem())
        (directory / f"{part.name}.certificate.der").write_bytes(certificate.der)
        commands += _commands(part.name)
    return commands


def parts_of(data: bytes) -> list[Part]:
    """The signatures inside: of the maker, and (of a seal signature) of the signer. Raises SealingError."""
    try:
        signature = parse_signature(data)
    except SealingError:
        return [_of_seal(parse_seal(data))]
    return [_of_seal(signature.seal), _of_signature(signature)]


def _of_seal(seal: Seal) -> Part:
    return Part("seal", "印章由制章者签名", seal.signed, seal.signature, seal.maker)


def _of_signature(signature: SealSignature) -> Part:
    return Part(
        "document", "文件由签章者签名", signature.signed, signature.signature, signature.certificate_der
    )


def _commands(name: str) -> list[str]:
    return [
        f"openssl x509 -in {name}.certificate.pem -pubkey -noout -out {name}.key.pem",
        verify_command(name),
    ]


def verify_command(name: str) -> str:
    """The command that checks one part, once its key file is there."""
    return (
        f"openssl pkeyutl -verify -pubin -inkey {name}.key.pem -rawin -digest sm3"
        f" -in {name}.signed.der -sigfile {name}.signature.der -pkeyopt {_ID}"
    )
