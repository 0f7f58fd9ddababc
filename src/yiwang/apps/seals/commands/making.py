# SPDX-License-Identifier: Apache-2.0
"""Make a seal on its certificate, and file it (制作、备案: 《办法》第六条、第九条、第十条)."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines import sealing
from yiwang.engines.sealing import Certificate, Signer
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, Unavailable
from yiwang.kernel.ids import new_public_id

from .. import plugs
from ..domain import passphrases
from ..domain.figures import CERTIFICATE_DAYS
from ..domain.kinds import SealKind, needs_imprint
from ..domain.requests import certificate_request
from ..domain.states import State, move
from ..models import Maker, Seal
from ..queries import trust
from ._shared import advance, locked, require_administrator
from .cancelling import give_way
from .imprints import require_match
from .keys import certificate_names


@transaction.atomic
def register_maker(actor: Actor, *, name: str, key: str, certificate: bytes) -> None:
    """Name who makes seals from now on: a key in the keeper, and its certificate.

    Raises NotAllowed: only the operator at the machine does (`yiwang seals maker`). SealingError,
    Invalid: the certificate is another key's.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("制章人只能在服务器上登记。", mend="请运维人员运行 yiwang seals maker。")
    keeper, found = plugs.keeper(), sealing.parse_certificate(certificate)
    if found.public_key.point != keeper.public_key(key):
        raise Invalid("证书里的公钥不是这把密钥的。", mend="请核对证书。", field="certificate")
    now = timezone.now()
    Maker.objects.filter(ended_at=None).update(ended_at=now)
    Maker.objects.create(
        name=name, key=key, keeper=keeper.name, certificate=found.der, not_after=found.not_after, since=now
    )
    record(
        actor, "seal.maker.registered", stream="seals", about=key, detail={"certificate": found.digest.hex()}
    )


def make_maker_key(actor: Actor, *, name: str, passphrase: str) -> tuple[str, bytes]:
    """A key for whoever shall make seals: its name, and the request for its certificate (PKCS#10, DER).

    Raises NotAllowed: only the operator at the machine does. Invalid: a weak passphrase.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed("制章人的密钥只能在服务器上生成。", mend="请运维人员运行 yiwang seals maker-key。")
    figures = plugs.figures()
    passphrases.check(passphrase, plugs.passphrase_rule(figures))
    key = new_public_id("k")
    point = plugs.keeper().generate(key, passphrase)
    signer = plugs.keeper().signer(key, passphrase, plugs.limits(figures))
    with transaction.atomic():
        record(actor, "seal.maker.key.made", stream="seals", about=key, detail={"name": name})
    return key, certificate_request(name, name, point, signer)


@transaction.atomic
def make(actor: Actor, public_id: str, *, passphrase: str, certificate: bytes | None = None) -> None:
    """The administrator makes the seal (制作): certificate on the custodian's key, GB/T 38540 structure,
    signed by the maker. Its validity is the certificate's (第十条).

    Args:
        passphrase: of the maker's key. certificate: from a real authority (DER or PEM); None when an
            authority is plugged in that issues at once.

    Raises NotFound, NotAllowed (also for the custodian), Conflict, Invalid for a certificate that does
    not fit, WrongPassphrase, KeyLocked, Unavailable.
    """
    seal = locked(actor, public_id)
    require_administrator(actor, seal.place)
    if actor.id == seal.custodian:
        raise NotAllowed("保管人不能制作自己保管的印章。", mend="请由另一位印章管理员制作。")
    move("make", State(seal.state))
    if needs_imprint(SealKind(seal.kind), seal.holder_post):
        require_match(seal)
    maker, signer = _maker(seal, passphrase)
    compose(seal, certificate, maker=maker, signer=signer)
    advance(actor, seal, "make")


def _maker(seal: Seal, passphrase: str) -> tuple[Certificate, Signer]:
    row = Maker.objects.filter(ended_at=None).order_by("-pk").first()
    if row is None:
        raise Unavailable("还没有登记制章人。", mend="请运维人员运行 yiwang seals maker。")
    limits = plugs.limits(plugs.figures(seal.org, seal.place))
    signer = plugs.keeper(row.keeper).signer(row.key, passphrase, limits)
    return sealing.parse_certificate(bytes(row.certificate)), signer


def compose(
    seal: Seal,
    certificate: bytes | None,
    *,
    maker: Certificate,
    signer: Signer,
    days: int | None = None,
) -> None:
    """Put certificate and seal structure on the row (not saved here), and verify what was made.

    Raises Invalid, Conflict, Unavailable; then nothing of it is kept.
    """
    now = timezone.now()
    found = sealing.parse_certificate(certificate or _issued(seal, now, days))
    _require_fit(seal, found, now)
    seal.certificate, seal.serial = found.der, f"{found.serial:x}"
    seal.not_before, seal.not_after = found.not_before, found.not_after
    kind = SealKind(seal.kind)
    person = kind.has_holder or kind is SealKind.SIGNATURE
    seal.der = sealing.make_seal(
        sealing.NewSeal(
            seal_id=seal.public_id,
            name=seal.name,
            kind=sealing.SealKind.PERSON if person else sealing.SealKind.UNIT,
            holders=(found,),
            picture=sealing.Picture(seal.picture_kind, bytes(seal.picture), seal.width_mm, seal.height_mm),
            not_before=found.not_before,
            not_after=found.not_after,
            made_at=now,
        ),
        maker=maker,
        signer=signer,
    )
    report = sealing.verify_seal(seal.der, trust(), at=now)
    if report.failed is not None:
        step = report.failed
        raise Conflict(
            f"制作出的印章验不过：第 {step.number} 步“{step.name}”。{step.why}",
            mend="没有制作。请核对制章人证书、信任的根证书和撤销列表。",
        )


def _issued(seal: Seal, now: dt.datetime, days: int | None) -> bytes:
    issuer = plugs.issuer()
    if issuer is None:
        raise Invalid(
            "请上传电子认证机构签发的证书。",
            mend="用“下载证书申请”得到的文件向机构申请。",
            field="certificate",
        )
    span = days or plugs.figures(seal.org, seal.place).of(CERTIFICATE_DAYS)
    name, organization = certificate_names(seal)
    wanted = plugs.Wanted(bytes(seal.public_key), name, organization, now, now + dt.timedelta(days=span))
    return issuer.issue(wanted)


def _require_fit(seal: Seal, found: Certificate, now: dt.datetime) -> None:
    """Raises Invalid when the certificate is another key's, says another unit, or is not valid now."""
    name, organization = certificate_names(seal)
    wrong = ""
    if found.public_key.point != bytes(seal.public_key):
        wrong = "证书里的公钥不是这枚印章的密钥"
    elif found.authority:
        wrong = "这是发证机构的证书，不是印章的证书"
    elif found.common_name not in (name, organization) and found.organization != organization:
        wrong = "证书上的名称不是这枚印章的单位"
    elif not found.not_before <= now <= found.not_after:
        wrong = "证书现在不在有效期内"
    if wrong:
        raise Invalid(f"{wrong}。", mend="请核对证书文件，或者重新向机构申请。", field="certificate")


@transaction.atomic
def file_seal(actor: Actor, public_id: str) -> str:
    """The administrator files the seal (备案): from now on it is in force, and the one it replaces is
    cancelled in the same moment (第十三条). Returns the filing number.

    Raises NotFound, NotAllowed, Conflict: another seal of this name is in force.
    """
    earlier = Seal.objects.filter(public_id=public_id).values_list("replaces__public_id", flat=True).first()
    old = locked(actor, earlier) if earlier else None  # the older row first, always
    seal = locked(actor, public_id)
    require_administrator(actor, seal.place)
    move("file", State(seal.state))
    if old is not None:
        give_way(actor, old, seal)
    seal.filing_number = f"YZ{timezone.localdate():%Y}{seal.pk:07d}"
    try:
        with transaction.atomic():
            advance(actor, seal, "file", words=f"备案编号 {seal.filing_number}")
    except IntegrityError:
        raise Conflict("同名的印章还在用。", mend="先注销原印章，或者按变更换领申请。") from None
    return seal.filing_number
