# SPDX-License-Identifier: Apache-2.0
"""Files from outside: which of them hold what, and a trust store made of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from yiwang.engines.sealing import der
from yiwang.engines.sealing.certificates import Certificate, parse_certificates
from yiwang.engines.sealing.crls import Crl, parse_crls
from yiwang.engines.sealing.der import DerError, Reader
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.trust import TrustStore

ENDINGS = frozenset({".pem", ".crt", ".cer", ".der", ".crl"})
_PEM_CERTIFICATE, _PEM_LIST = b"BEGIN CERTIFICATE", b"BEGIN X509 CRL"


def holds_signature(data: bytes) -> bool:
    """Whether the bytes begin as a seal signature does; a seal does not. Never raises."""
    try:
        return Reader(data).sequence().sequence().peek() == der.INTEGER
    except DerError:
        return False


def load_trust(paths: Iterable[Path], lists: Iterable[Path] = ()) -> TrustStore:
    """A trust store of files and folders: authorities that issued themselves are anchors, others go between.

    A folder gives every file in it that ends like a certificate or a list. Raises SealingError, naming the
    file that does not read.
    """
    certificates: list[Certificate] = []
    revoked: list[Crl] = []
    for path in (file for given in (*paths, *lists) for file in _files(given)):
        some, others = _read(path)
        certificates += some
        revoked += others
    authorities = [certificate for certificate in certificates if certificate.authority]
    return TrustStore(
        anchors=tuple(one for one in authorities if one.self_issued),
        crls=tuple(revoked),
        intermediates=tuple(one for one in authorities if not one.self_issued),
    )


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.is_file() and file.suffix.lower() in ENDINGS)
    return [path]


def _read(path: Path) -> tuple[tuple[Certificate, ...], tuple[Crl, ...]]:
    try:
        data = path.read_bytes()
        if _PEM_CERTIFICATE in data or _PEM_LIST in data:
            return (
                parse_certificates(data) if _PEM_CERTIFICATE in data else (),
                parse_crls(data) if _PEM_LIST in data else (),
            )
        return ((), parse_crls(data)) if _is_list(data) else (parse_certificates(data), ())
    except OSError as error:
        raise SealingError(f"文件 {path} 打不开：{error.strerror}。", mend="请核对路径和权限。") from None
    except SealingError as error:
        raise SealingError(f"文件 {path}：{error.message}", mend=error.mend) from None


def _is_list(data: bytes) -> bool:
    """A list's signed part begins with a number, or an algorithm; a certificate's with its tagged version."""
    try:
        return Reader(data).sequence().sequence().peek() in (der.INTEGER, der.SEQUENCE)
    except DerError:
        return False
