# SPDX-License-Identifier: Apache-2.0
"""Verify a seal, or a document's seal signature, in numbered steps.

The order is the standard's (GB/T 38540-2020, 6.3 and 7.3; GM/T 0031-2014, 6.1.2 and 6.2.3): form, signature
value, certificate, time, document. Every step is one small function below; the two tables at the end are the
whole procedure. The first step that fails ends it: later ones are shown as not checked, never as passed.
Nothing raises, whatever the bytes.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from yiwang.engines.sealing import der, pictures, seals
from yiwang.engines.sealing import trust as trusting
from yiwang.engines.sealing.certificates import SM2_WITH_SM3, Certificate
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.extensions import Extensions
from yiwang.engines.sealing.report import Check, Report, walk
from yiwang.engines.sealing.seals import Seal, parse_seal
from yiwang.engines.sealing.signatures import SealSignature, parse_signature
from yiwang.engines.sealing.trust import TrustStore

CLOCK_SKEW = dt.timedelta(minutes=5)
"""How far two honest clocks may be apart."""

UNDERSTOOD: frozenset[str] = frozenset()
"""Own extensions of seals and signatures that are understood here. None yet: a critical one is refused."""


@dataclass(frozen=True)
class SealCase:
    """A seal under verification: as it stood at `used_at`, with what is known `now`."""

    data: bytes
    trust: TrustStore
    used_at: dt.datetime
    now: dt.datetime

    @cached_property
    def seal(self) -> Seal:
        """The seal read. Raises SealingError."""
        return parse_seal(self.data)

    @cached_property
    def chain(self) -> trusting.Chain:
        """The maker's chain. Raises SealingError."""
        return trusting.chain_of(self.seal.maker_certificate, self.trust)


@dataclass(frozen=True)
class SignatureCase:
    """A seal signature under verification; `digest` is the document's, None when nobody asks about it."""

    data: bytes
    digest: bytes | None
    trust: TrustStore
    now: dt.datetime

    @cached_property
    def signature(self) -> SealSignature:
        """The seal signature read. Raises SealingError."""
        return parse_signature(self.data)

    @cached_property
    def inside(self) -> SealCase:
        """The seal inside, as of the time of signing. Raises SealingError."""
        return SealCase(self.signature.seal.der, self.trust, self.signature.at, self.now)

    @cached_property
    def chain(self) -> trusting.Chain:
        """The signer's chain. Raises SealingError."""
        return trusting.chain_of(self.signature.certificate, self.trust)


# --- the seal (6.3) -----------------------------------------------------------------------------


def _seal_form(case: SealCase) -> str:
    seal = case.seal
    _ = seal.maker_certificate
    return f"第 {seal.version} 版电子印章，编码规范，字段齐全。"


def _seal_extensions(case: SealCase) -> str:
    return _own(case.seal.extensions)


def _seal_picture(case: SealCase) -> str:
    picture = case.seal.picture
    pictures.check(picture)
    return f"{picture.kind} 图像，{picture.width_mm} × {picture.height_mm} 毫米，内容与类型相符。"


def _seal_algorithm(case: SealCase) -> str:
    return _algorithm(case.seal.algorithm)


def _seal_value(case: SealCase) -> str:
    small = len(case.data) <= seals.KEPT
    if not (_signed_once if small else _signed)(case.seal):
        raise SealingError("印章的签名值不对：印章内容被改动过，或不是所附的制章者证书签的。")
    return "制章者的签名与印章内容相符。"


def _signed(seal: Seal) -> bool:
    return seal.maker_certificate.public_key.verify(seal.signed, seal.signature)


_signed_once = lru_cache(maxsize=64)(_signed)


def _maker_chain(case: SealCase) -> str:
    return _path(case.chain)


def _maker_usage(case: SealCase) -> str:
    return trusting.check_usage(case.chain[0])


def _maker_period(case: SealCase) -> str:
    return trusting.check_period(case.chain, case.used_at)


def _maker_revocation(case: SealCase) -> str:
    return trusting.check_revocation(case.chain, case.trust, used_at=case.used_at, now=case.now)


def _seal_period(case: SealCase) -> str:
    seal, at = case.seal, case.used_at
    words = f"{trusting.clock(seal.not_before)} 至 {trusting.clock(seal.not_after)}"
    if not seal.not_before <= at <= seal.not_after:
        raise SealingError(f"印章有效期是 {words}，{trusting.clock(at)} 不在其内。")
    if seal.made_at > at + CLOCK_SKEW:
        raise SealingError(f"印章制作时间 {trusting.clock(seal.made_at)} 晚于使用时间 {trusting.clock(at)}。")
    return f"{trusting.clock(at)} 在印章有效期 {words} 内。"


# --- the signature (7.3) ------------------------------------------------------------------------


def _form(case: SignatureCase) -> str:
    signature = case.signature
    _ = signature.certificate
    stamp = "附有时间戳，未作判断。" if signature.time_stamp is not None else ""
    return f"第 {signature.version} 版电子签章，编码规范，字段齐全。{stamp}"


def _extensions(case: SignatureCase) -> str:
    return _own(case.signature.extensions)


def _algorithm_used(case: SignatureCase) -> str:
    return _algorithm(case.signature.algorithm)


def _listed(case: SignatureCase) -> str:
    signature = case.signature
    if not signature.seal.held_by(signature.certificate):
        raise SealingError(f"签章者证书“{signature.certificate.common_name}”不在印章的签章者证书列表里。")
    return f"签章者“{signature.certificate.common_name}”在印章的签章者证书列表里。"


def _value(case: SignatureCase) -> str:
    signature = case.signature
    if not signature.certificate.public_key.verify(signature.signed, signature.signature):
        raise SealingError("签章的签名值不对：签章内容被改动过，或不是所附的签章者证书签的。")
    return "签章者的签名与签章内容相符。"


def _signer_chain(case: SignatureCase) -> str:
    return _path(case.chain)


def _signer_usage(case: SignatureCase) -> str:
    return trusting.check_usage(case.chain[0])


def _signer_period(case: SignatureCase) -> str:
    at = case.signature.at
    if at > case.now + CLOCK_SKEW:
        raise SealingError(f"签章时间 {trusting.clock(at)} 晚于验证时间 {trusting.clock(case.now)}。")
    return trusting.check_period(case.chain, at)


def _signer_revocation(case: SignatureCase) -> str:
    return trusting.check_revocation(case.chain, case.trust, used_at=case.signature.at, now=case.now)


def _document(case: SignatureCase) -> str:
    if not hmac.compare_digest(case.signature.digest, case.digest or b""):
        raise SealingError("原文与签章时的不一致：文件在盖章之后被改动过，或不是这份文件的签章。")
    return "原文的 SM3 杂凑值与签章里的一致。"


# --- shared -------------------------------------------------------------------------------------


def _own(extensions: Extensions) -> str:
    for kind, (critical, _) in extensions.items():
        if critical and kind not in UNDERSTOOD:
            raise SealingError(f"有不认识的关键扩展项 {kind}，按标准不能通过。")
    return f"自定义扩展项 {len(extensions)} 个，没有不认识的关键项。"


def _algorithm(found: str) -> str:
    if found != SM2_WITH_SM3:
        raise SealingError(f"签名算法 {found} 不是 SM2 配 SM3（{SM2_WITH_SM3}）。")
    return "签名算法是 SM2 配 SM3。"


def _path(chain: Sequence[Certificate]) -> str:
    return " ← ".join(certificate.common_name for certificate in chain) + "，逐级签名相符。"


SEAL_STEPS: tuple[tuple[str, Check[SealCase]], ...] = (
    ("印章数据结构", _seal_form),
    ("印章扩展项", _seal_extensions),
    ("印模图像", _seal_picture),
    ("印章签名算法", _seal_algorithm),
    ("印章签名值", _seal_value),
    ("制章者证书信任链", _maker_chain),
    ("制章者证书密钥用法", _maker_usage),
    ("制章者证书有效期", _maker_period),
    ("制章者证书撤销状态", _maker_revocation),
    ("印章有效期", _seal_period),
)
"""The whole procedure for a seal."""


def _inside(check: Check[SealCase]) -> Check[SignatureCase]:
    return lambda case: check(case.inside)


SIGNATURE_STEPS: tuple[tuple[str, Check[SignatureCase]], ...] = (
    ("签章数据结构", _form),
    ("签章扩展项", _extensions),
    *((name, _inside(check)) for name, check in SEAL_STEPS),
    ("签章者证书在印章列表中", _listed),
    ("签章签名算法", _algorithm_used),
    ("签章签名值", _value),
    ("签章者证书信任链", _signer_chain),
    ("签章者证书密钥用法", _signer_usage),
    ("签章者证书有效期", _signer_period),
    ("签章者证书撤销状态", _signer_revocation),
)
"""The whole procedure for a seal signature; the seal inside is judged as of the time of signing."""

DOCUMENT_STEP: tuple[str, Check[SignatureCase]] = ("原文杂凑值", _document)


def verify_seal(data: bytes, trust: TrustStore, *, at: dt.datetime) -> Report:
    """Verify a seal (DER SESeal) as it stands at `at`, which has a zone. Never raises for any bytes."""
    now = der.utc(at)
    case = SealCase(data, trust, now, now)
    steps = walk(case, SEAL_STEPS)
    return Report(steps, _say_seal(case.seal) if steps[0].ok else "电子印章（读不出来）")


def verify_signature(data: bytes, *, digest: bytes | None, trust: TrustStore, at: dt.datetime) -> Report:
    """Verify a seal signature (DER SES_Signature) at `at`, which has a zone. Never raises for any bytes.

    `digest` is the SM3 of the document's protected part; with None nothing is said about the document, and
    its step is left out.
    """
    table = SIGNATURE_STEPS if digest is None else (*SIGNATURE_STEPS, DOCUMENT_STEP)
    case = SignatureCase(data, digest, trust, der.utc(at))
    steps = walk(case, table)
    if not steps[0].ok:
        return Report(steps, "电子签章（读不出来）")
    return Report(steps, _say_signature(case.signature) + ("" if digest else "；没有核对原文"))


def _say_seal(seal: Seal) -> str:
    return f"电子印章“{seal.name}”（{seal.seal_id}），制章者 {seal.maker_certificate.common_name}"


def _say_signature(signature: SealSignature) -> str:
    who, when = signature.certificate.common_name, trusting.clock(signature.at)
    return f"电子签章：{who} 于 {when} 加盖“{signature.seal.name}”（{signature.seal.seal_id}）"
