# SPDX-License-Identifier: Apache-2.0
"""Personal signatures (电子签名): a person's own key and certificate, for what they sign themselves.

They stand on 《电子签名法》 and not on the measures for seals: nobody applies, nobody approves; the person
is known by their real-name login, and nobody but them knows the passphrase.
"""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.engines import sealing
from yiwang.engines.sealing import sm3
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, NotAllowed, Unavailable
from yiwang.kernel.ids import new_public_id

from .. import plugs
from ..domain.figures import SIGNATURE_DAYS
from ..domain.kinds import SealKind
from ..domain.pictures import check_picture
from ..domain.reasons import Purpose, reason_words
from ..domain.states import State, expired
from ..models import Maker, Seal
from ._shared import advance, note
from .cancelling import finish
from .keys import put_key
from .making import compose


@transaction.atomic
def issue_personal_seal(actor: Actor, *, picture: sealing.Picture, passphrase: str) -> str:
    """Give a person a signature of their own; returns its public id. `picture`: what their signature
    looks like (PNG). One person has one at a time.

    Raises NotAllowed: not a person; Conflict: they have one; Invalid: weak passphrase, no picture;
    Unavailable: no maker, or no passphrase of it (`YIWANG_SEAL_MAKER_PASSPHRASE`), or no authority.
    """
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed("只有实名登录的本人可以申请电子签名。", mend="请用个人账号登录。")
    check_picture(picture.data, picture.width_mm, picture.height_mm)
    _make_room(actor)
    maker = Maker.objects.filter(ended_at=None).order_by("-pk").first()
    if maker is None or not settings.ENV["SEAL_MAKER_PASSPHRASE"] or plugs.issuer() is None:
        raise Unavailable("现在不能网上制发电子签名。", mend="请改用手写签名，或到窗口办理。")
    figures = plugs.figures()
    signer = plugs.keeper(maker.keeper).signer(
        maker.key, settings.ENV["SEAL_MAKER_PASSPHRASE"], plugs.limits(figures)
    )
    seal = _row(actor, picture)
    put_key(seal, passphrase)
    certificate = sealing.parse_certificate(bytes(maker.certificate))
    compose(seal, None, maker=certificate, signer=signer, days=figures.of(SIGNATURE_DAYS))
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:
        raise Conflict("您刚刚已经申请了电子签名。", mend="请刷新后查看。") from None
    note(actor, seal, "制发电子签名", action="seal.signature.issued")
    return seal.public_id


def _make_room(actor: Actor) -> None:
    """One that has run out gives way. Raises Conflict when one is in force."""
    old = Seal.objects.select_for_update().filter(holder=actor.id, state=State.ACTIVE.value).first()
    if old is None:
        return
    if not expired(old.not_after, timezone.now()):
        raise Conflict("您已经有电子签名。", mend="要换新的，先注销原来的。")
    old.cancel_reason = "renewed"
    advance(actor, old, "replace", words=reason_words("renewed"))
    finish(actor, old)


def _row(actor: Actor, picture: sealing.Picture) -> Seal:
    return Seal(
        public_id=new_public_id("sig"),
        kind=SealKind.SIGNATURE.value,
        unit_name="",
        name=actor.name,
        holder=actor.id,
        holder_name=actor.name,
        custodian=actor.id,
        custodian_name=actor.name,
        applicant=actor.id,
        applicant_name=actor.name,
        state=State.ACTIVE.value,
        purpose=Purpose.NEW.value,
        picture_kind=picture.kind,
        picture=picture.data,
        picture_digest=sm3(picture.data).hex(),
        width_mm=picture.width_mm,
        height_mm=picture.height_mm,
        created_at=timezone.now(),
    )
