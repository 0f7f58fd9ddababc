# SPDX-License-Identifier: Apache-2.0
"""Press a seal on a document (签章), under an approved use, by its custodian (《办法》第十一条、第十二条).

The seal's row and the approval's row are locked (always in this order) from the check to the commit: a
cancellation waits for the impression or the impression for the cancellation, and two custodians never
take the last document of an approval both. A refusal is logged after everything was rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from yiwang.apps.journal.public import record
from yiwang.engines import sealing
from yiwang.engines.sealing import Signer, sm3
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.kernel.errors import Conflict, Kind, YiwangError

from .. import plugs
from ..domain import figures as names
from ..domain.states import State, expired
from ..domain.uses import Approval, Scope, Sheet, UseState, objection
from ..models import Pressing, Seal, Use
from ..queries import revocation_of
from ._shared import locked, require_custodian
from .uses import locked_use

_SYSTEM = system("系统用印")


class SealRefused(Conflict):
    """The seal was not pressed; the message says why. The attempt is in the use log."""


@dataclass
class Press:
    """A seal in hand: called with a digest it gives the impression. Good inside its `with` only."""

    seal_id: str
    name: str
    picture: sealing.Picture
    _actor: Actor
    _seal: Seal
    _use: Use | None
    _signer: Signer
    _per_document: int
    _open: bool = field(default=True)

    def __call__(
        self, digest: bytes, document_property: str, *, about: str, material: str = "", case: str = ""
    ) -> bytes:
        """Seal what has this SM3 digest; returns the seal signature (DER SES_Signature).

        Args:
            document_property: where in the file the protected part is (GB/T 38540).
            about: public id of the document. material, case: of a licence its type and the item case
                it comes from; a standing approval is for one type.

        Raises SealRefused when the approval does not cover this document.
        """
        if not self._open:
            raise RuntimeError("the seal was put away already")
        if self._use is not None:
            self._take(Sheet(about, material, case, self._pressed_before(about)))
        now = timezone.now()
        made = sealing.sign_document(
            seal=bytes(self._seal.der),
            digest=digest,
            document_property=document_property,
            at=now,
            certificate=sealing.parse_certificate(bytes(self._seal.certificate)),
            signer=self._signer,
        )
        row = Pressing.objects.create(
            seal=self._seal,
            use=self._use,
            at=now,
            by=self._actor.id,
            by_name=_name(self._actor),
            about=about,
            case=case,
            digest=digest.hex(),
            document_property=document_property[:200],
            signature_digest=sm3(made).hex(),
        )
        record(
            self._actor,
            "seal.pressed",
            stream=f"seal:{self.seal_id}",
            about=about or self.seal_id,
            detail={"digest": row.digest, "signature": row.signature_digest, "seal": self.seal_id},
        )
        return made

    def _pressed_before(self, about: str) -> int:
        return Pressing.objects.filter(use=self._use, about=about, refused="").count()

    def _take(self, sheet: Sheet) -> None:
        use = self._use
        assert use is not None
        why = objection(_approval(use), sheet, today=timezone.localdate(), per_document=self._per_document)
        if why:
            raise SealRefused(f"没有盖章：{why}。", mend="请核对文书，或者另行申请用印。")
        if not sheet.pressed_before or use.scope == Scope.SYSTEM.value:
            Use.objects.filter(pk=use.pk).update(taken=F("taken") + 1)
            use.taken += 1


@contextmanager
def pressing(actor: Actor, seal: str, *, use: str, passphrase: str) -> Iterator[Press]:
    """Take a seal in hand under an approved use; everything inside is one transaction.

    Raises:
        NotFound: there is no such seal, or no such request, that the actor may know of.
        SealRefused: not in force, expired, suspended, cancelled, revoked; not approved, or for
            something else; NotAllowed: not its custodian; WrongPassphrase, KeyLocked.
    """
    yield from _in_hand(actor, seal, use, lambda: _taken(actor, seal, use, passphrase))


@contextmanager
def personal_press(actor: Actor, seal: str, *, passphrase: str) -> Iterator[Press]:
    """Take one's own signature in hand; no request is needed: it is the signer's own will.

    Raises NotFound for somebody else's, SealRefused, WrongPassphrase, KeyLocked.
    """
    yield from _in_hand(actor, seal, "", lambda: _own(actor, seal, passphrase))


def system_press(purpose: str) -> SystemPress | None:
    """The seal that seals by itself for `purpose` (e.g. the journal's day); None when none is set up:
    there is no approved request of scope SYSTEM for it, or `YIWANG_SYSTEM_SEAL_PASSPHRASE` is not set."""
    if not settings.ENV["SYSTEM_SEAL_PASSPHRASE"]:
        return None
    use = (
        Use.objects.filter(
            scope=Scope.SYSTEM.value,
            document=purpose,
            state=UseState.APPROVED.value,
            seal__state=State.ACTIVE.value,
        )
        .order_by("-pk")
        .values_list("seal__public_id", "public_id", "seal__org")
        .first()
    )
    return SystemPress(use[0], use[1], purpose, use[2]) if use else None


@dataclass(frozen=True)
class SystemPress:
    """A seal that the system presses: each call is one impression, in the caller's transaction or its own.
    `org`: whose seal it is."""

    seal_id: str
    use_id: str
    purpose: str
    org: str

    def __call__(self, digest: bytes, document_property: str) -> bytes:
        """Seal what has this SM3 digest. Raises SealRefused, WrongPassphrase, KeyLocked."""
        with self.in_hand() as press:
            return press(digest, document_property, about=self.purpose)

    @contextmanager
    def in_hand(self) -> Iterator[Press]:
        """The seal in hand, with its picture, for the files of one document: each impression is `about` the
        purpose. One transaction; raises as above."""
        passphrase = settings.ENV["SYSTEM_SEAL_PASSPHRASE"]
        yield from _in_hand(
            _SYSTEM, self.seal_id, self.use_id, lambda: _taken(_SYSTEM, self.seal_id, self.use_id, passphrase)
        )


def _in_hand(actor: Actor, seal: str, use: str, take: Callable[[], Press]) -> Iterator[Press]:
    """One transaction round the whole; a refusal is written down after it was rolled back."""
    try:
        with transaction.atomic():
            press = take()
            try:
                yield press
            finally:
                press._open = False
    except YiwangError as refusal:
        if refusal.kind is not Kind.MISSING:
            _log_refusal(actor, seal, use, refusal)
        raise


def _taken(actor: Actor, seal_id: str, use_id: str, passphrase: str) -> Press:
    use = locked_use(actor, use_id)
    seal = use.seal
    if seal.public_id != seal_id:
        raise SealRefused("没有盖章：批准用的不是这枚印章。", mend="请选择批准的那一枚，或者另行申请用印。")
    if actor.kind is not ActorKind.SYSTEM:
        require_custodian(actor, seal)
    elif use.scope != Scope.SYSTEM.value:
        raise SealRefused("没有盖章：这份批准要由保管人用印。", mend="请由保管人办理。")
    figures = plugs.figures(seal.org, seal.place)
    _require_usable(seal)
    state = UseState(use.state)
    if state is not UseState.APPROVED:
        raise SealRefused(
            f"没有盖章：用印申请是“{state.term}”，没有经过批准。", mend="经批准同意后方可进行签章。"
        )
    signer = plugs.keeper(seal.keeper).signer(seal.key, passphrase, plugs.limits(figures))
    return _press(actor, seal, use, signer, figures.of(names.PRESSES))


def _own(actor: Actor, seal_id: str, passphrase: str) -> Press:
    seal = locked(actor, seal_id)
    _require_usable(seal)
    limits = plugs.limits(plugs.figures())
    return _press(actor, seal, None, plugs.keeper(seal.keeper).signer(seal.key, passphrase, limits), 0)


def _press(actor: Actor, seal: Seal, use: Use | None, signer: Signer, per_document: int) -> Press:
    picture = sealing.Picture(seal.picture_kind, bytes(seal.picture), seal.width_mm, seal.height_mm)
    return Press(seal.public_id, seal.name, picture, actor, seal, use, signer, per_document)


def _require_usable(seal: Seal) -> None:
    """Raises SealRefused for a seal that is not in force now (第十条、第十三条、第十四条)."""
    state, now = State(seal.state), timezone.now()
    if state is not State.ACTIVE:
        raise SealRefused(f"没有盖章：印章是“{state.term}”。", mend="请选择有效的印章。")
    if expired(seal.not_after, now):
        raise SealRefused("没有盖章：印章已过有效期。", mend="请先办理更新延期。")
    if seal.not_before is not None and now < seal.not_before:
        raise SealRefused("没有盖章：印章还没有到生效时间。", mend="请核对有效期，或核对服务器的时间。")
    if revocation_of(seal) is not None:
        raise SealRefused("没有盖章：印章的数字证书已被吊销。", mend="请申请注销并重新办理。")


def _approval(use: Use) -> Approval:
    return Approval(
        UseState(use.state), Scope(use.scope), use.document, use.material, use.until, use.limit, use.taken
    )


def _log_refusal(actor: Actor, seal_id: str, use_id: str, refusal: YiwangError) -> None:
    """Write the attempt down. When the caller rolls back its own, larger transaction, it goes too."""
    seal = Seal.objects.filter(public_id=seal_id).first()
    if seal is None:
        return
    use = Use.objects.filter(public_id=use_id, seal=seal).first() if use_id else None
    with transaction.atomic():
        Pressing.objects.create(
            seal=seal,
            use=use,
            at=timezone.now(),
            by=actor.id or "anonymous",
            by_name=_name(actor),
            refused=refusal.message[:200],
        )
        record(
            actor,
            "seal.press.refused",
            stream=f"seal:{seal_id}",
            about=seal_id,
            detail={"why": type(refusal).__name__},
        )


def _name(actor: Actor) -> str:
    return "签名人" if actor.kind is ActorKind.PERSON else actor.name
