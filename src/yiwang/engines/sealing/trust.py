# SPDX-License-Identifier: Apache-2.0
"""Whom we believe: chains of certificates to an anchor, at a time, with what the revocation lists say.

What a revocation means for a signature that was made before (docs/formats/seal.md says why):

- revoked at or before the time of use: refused, however late the list arrives;
- revoked after the time of use for a reason of business (changed, superseded, ceased …): stays valid
  (GM/T 0031-2014, 6.2.3 d 4);
- revoked because a key leaked: refused whatever the dates. The time of use is the signer's own word, and
  whoever holds the leaked key can write any time.

Where no list of the issuer is there, or none that is still current, nothing is known: refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from yiwang.engines.sealing.certificates import Certificate
from yiwang.engines.sealing.crls import REASON_WORDS, Crl, Reason, Revoked
from yiwang.engines.sealing.errors import SealingError
from yiwang.engines.sealing.extensions import SIGNING

LONGEST_CHAIN = 6
_LEAKED = frozenset({Reason.KEY_COMPROMISE, Reason.CA_COMPROMISE, Reason.AA_COMPROMISE})
Chain = tuple[Certificate, ...]
"""From the certificate in question to the anchor."""


@dataclass(frozen=True)
class TrustStore:
    """Authorities believed, and what is known of revocations.

    Attributes:
        anchors: authorities believed as they are. crls: lists of every authority whose certificates shall
        pass; the newest must be current at the time of verification, older ones may stay beside it.
        intermediates: authorities believed only through an anchor.
    """

    anchors: tuple[Certificate, ...]
    crls: tuple[Crl, ...] = ()
    intermediates: tuple[Certificate, ...] = ()


@lru_cache(maxsize=512)
def chain_of(certificate: Certificate, trust: TrustStore) -> Chain:
    """The chain to an anchor, each signature checked. Raises SealingError when there is none.

    Dates, key usage of the first certificate, and revocation are asked separately.
    """
    if certificate.meaning.unknown:
        raise SealingError(
            f"证书“{certificate.common_name}”有不认识的关键扩展项 {certificate.meaning.unknown[0]}。"
        )
    found = _climb((certificate,), trust)
    if found is None:
        raise SealingError(
            f"证书“{certificate.common_name}”不是由受信任的机构签发的（签发者：{certificate.issuer}）："
            + _why_not(certificate, trust),
            mend="请核对信任的根证书是否齐全。",
        )
    return found


def _climb(so_far: Chain, trust: TrustStore) -> Chain | None:
    last = so_far[-1]
    if len(so_far) > 1 and last in trust.anchors:
        return so_far
    if len(so_far) == LONGEST_CHAIN:
        return None
    for issuer in (*trust.anchors, *trust.intermediates):
        if issuer not in so_far and _may_issue(issuer, last, below=len(so_far) - 1):
            found = _climb((*so_far, issuer), trust)
            if found is not None:
                return found
    return None


def _why_not(child: Certificate, trust: TrustStore) -> str:
    every = (*trust.anchors, *trust.intermediates)
    named = [issuer for issuer in every if issuer.subject_name.der == child.issuer_name.der]
    signing = [issuer for issuer in named if _signed(child, issuer)]
    if not named:
        return "信任库里没有它的签发者。"
    if not signing:
        return "同名的机构没有签过它。"
    if not any(issuer.authority and issuer.may("keyCertSign") for issuer in signing):
        return "签发者的证书没有签发证书的权限（基本约束、密钥用法）。"
    return "往上接不到受信任的根证书，或层数超过了限制。"


def _may_issue(issuer: Certificate, child: Certificate, *, below: int) -> bool:
    """Whether `issuer` is an authority that signed `child`; `below`: authorities between it and the end."""
    return (
        issuer.subject_name.der == child.issuer_name.der
        and issuer.authority
        and issuer.may("keyCertSign")
        and not issuer.meaning.unknown
        and (issuer.meaning.path_length is None or issuer.meaning.path_length >= below)
        and _signed(child, issuer)
    )


@lru_cache(maxsize=1024)
def _signed(thing: Certificate | Crl, issuer: Certificate) -> bool:
    return issuer.public_key.verify(thing.tbs, thing.signature)


def check_usage(certificate: Certificate) -> str:
    """The key may sign documents. Raises SealingError, also when the certificate does not say."""
    if certificate.authority:
        raise SealingError(f"证书“{certificate.common_name}”是发证机构的证书，不能用来制章或签章。")
    if not any(map(certificate.may, SIGNING)):
        raise SealingError(f"证书“{certificate.common_name}”的密钥用法不含数字签名。")
    return "密钥用法含数字签名。"


def check_period(chain: Chain, at: dt.datetime) -> str:
    """Every certificate of the chain is in its period of validity at `at`. Raises SealingError."""
    for certificate in chain:
        first, last = certificate.not_before, certificate.not_after
        if not first <= at <= last:
            state = f"自 {clock(first)} 起才有效" if at < first else f"已于 {clock(last)} 到期"
            raise SealingError(f"证书“{certificate.common_name}”{state}，{clock(at)} 不在有效期内。")
    return f"{clock(at)} 在证书有效期 {clock(chain[0].not_before)} 至 {clock(chain[0].not_after)} 内。"


def check_revocation(chain: Chain, trust: TrustStore, *, used_at: dt.datetime, now: dt.datetime) -> str:
    """No certificate of the chain (but the anchor's own) is revoked for a use at `used_at`, as known `now`.

    Raises SealingError: revoked, or not known for want of a current list.
    """
    notes = [_revocation(child, issuer, trust, used_at, now) for child, issuer in pairwise(chain)]
    return next((note for note in notes if note), "查阅撤销列表，证书没有被撤销。")


def _revocation(
    child: Certificate, issuer: Certificate, trust: TrustStore, used_at: dt.datetime, now: dt.datetime
) -> str:
    lists = [crl for crl in trust.crls if _speaks_for(crl, issuer)]
    whole = [crl for crl in lists if not crl.unknown and crl.scope.covers(child.meaning)]
    newest = max((crl.this_update for crl in whole), default=None)
    note = ""
    for crl in lists:
        entry = crl.revoked.get(child.serial)
        over = entry and entry.reason is Reason.HOLD and newest and crl.this_update < newest
        if entry and entry.reason is not Reason.REMOVED and not over:
            note = _judge(child, entry, used_at)
    current = [crl for crl in whole if crl.next_update and crl.next_update >= now]
    if not current:
        state = "都已过期" if whole else "一份也没有"
        raise SealingError(
            f"发证机构“{issuer.common_name}”适用的撤销列表{state}，不能确认证书“{child.common_name}”是否被撤销。",
            mend="请取得最新的撤销列表。",
        )
    return note


def _speaks_for(crl: Crl, issuer: Certificate) -> bool:
    return crl.issuer_name.der == issuer.subject_name.der and issuer.may("cRLSign") and _signed(crl, issuer)


def _judge(child: Certificate, entry: Revoked, used_at: dt.datetime) -> str:
    why = REASON_WORDS[entry.reason]
    since = min(entry.at, entry.invalid_from or entry.at)
    if entry.reason in _LEAKED:
        raise SealingError(
            f"证书“{child.common_name}”因{why}被撤销（{clock(entry.at)}），用它签的一律不再可信。"
        )
    if since <= used_at:
        raise SealingError(
            f"证书“{child.common_name}”已于 {clock(since)} 撤销（{why}），不晚于使用时间 {clock(used_at)}。"
        )
    return f"证书于 {clock(since)} 撤销（{why}），在使用时间 {clock(used_at)} 之后，不影响此前的签章。"


_CHINA = dt.timezone(dt.timedelta(hours=8))


@lru_cache(maxsize=4096)
def clock(moment: dt.datetime) -> str:
    """A moment in China's time, for people."""
    return f"{moment.astimezone(_CHINA):%Y-%m-%d %H:%M:%S}"
