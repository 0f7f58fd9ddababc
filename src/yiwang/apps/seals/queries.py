# SPDX-License-Identifier: Apache-2.0
"""Read seals, uses and what is trusted. Each list holds what the actor may know of, and no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from yiwang.engines import sealing
from yiwang.engines.sealing import TrustStore
from yiwang.engines.sealing.crls import Revoked
from yiwang.kernel.actor import Actor, ActorKind, Role
from yiwang.kernel.errors import NotFound

from . import plugs
from .domain.figures import PASSPHRASE_DAYS, WARN_DAYS
from .domain.kinds import PaperKind, SealKind
from .domain.states import State
from .domain.uses import Scope, UseState
from .models import Authority, Imprint, Maker, RevocationList, Seal, Use
from .views import (
    AuthorityView,
    CrlView,
    ImprintView,
    PaperView,
    PressingView,
    SealView,
    StepView,
    UseView,
    pressing_view,
    seal_view,
    use_view,
)

_OF_UNIT = (Role.CUSTODIAN, Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE)
_OVERSEES = (Role.SEALS, Role.AUDITOR)
_OPEN = (State.APPLIED, State.APPROVED, State.KEYED, State.MADE)


def _covered(actor: Actor, roles: Sequence[Role], *, by_unit: bool) -> Q:
    """The seals where one of the actor's posts reaches; none for anybody else."""
    found = Q(pk__in=[])
    if actor.kind is not ActorKind.OFFICER:
        return found
    for post in actor.posts:
        if post.role in roles:
            reach = ~Q(org="")
            if post.place:
                reach &= Q(place=post.place)
            if post.org and by_unit:
                reach &= Q(org=post.org)
            found |= reach
    return found


def _of_unit(actor: Actor) -> QuerySet[Seal]:
    return Seal.objects.filter(_covered(actor, _OF_UNIT, by_unit=True)).select_related("replaces")


def _overseen(actor: Actor) -> QuerySet[Seal]:
    return Seal.objects.filter(_covered(actor, _OVERSEES, by_unit=False)).select_related("replaces")


def _visible(actor: Actor) -> QuerySet[Seal]:
    mine = Q(holder=actor.id) & ~Q(holder="")
    seen = _covered(actor, _OF_UNIT, by_unit=True) | _covered(actor, _OVERSEES, by_unit=False) | mine
    return Seal.objects.filter(seen).select_related("replaces")


def seals_of_unit(actor: Actor) -> list[SealView]:
    """The seals of the actor's units, those in force first."""
    rows = _of_unit(actor).order_by("unit_name", "-pk")
    found = [_warned(row) for row in rows]
    return sorted(found, key=lambda one: (not one.usable, one.state.is_final))


def all_seals(actor: Actor, *, state: State | None = None, limit: int = 500) -> list[SealView]:
    """The seals that an administrator or auditor oversees, the newest first."""
    rows = _overseen(actor).order_by("-pk")
    if state is not None:
        rows = rows.filter(state=state.value)
    return [_warned(row) for row in rows[:limit]]


def waiting_seals(actor: Actor) -> list[SealView]:
    """Applications on their way, the oldest first."""
    return [_warned(r) for r in _overseen(actor).filter(state__in=[s.value for s in _OPEN]).order_by("pk")]


def expiring_seals(actor: Actor) -> list[SealView]:
    """Seals in force that end soon or have ended, the nearest end first."""
    rows = _overseen(actor).filter(state=State.ACTIVE.value).order_by("not_after")
    return [one for one in map(_warned, rows) if one.expires_soon]


def usable_seals(actor: Actor) -> list[SealView]:
    """The seals that this actor keeps and may press now."""
    rows = _of_unit(actor).filter(custodian=actor.id, state=State.ACTIVE.value, not_after__gt=timezone.now())
    return [seal_view(row) for row in rows.order_by("name")]


def seal(actor: Actor, public_id: str) -> SealView:
    """One seal. Raises NotFound, in the same words for one the actor may not know of."""
    return _warned(_seen(actor, public_id))


def seal_of(org: str, kind: SealKind, *, place: str = "", name: str = "") -> SealView | None:
    """The usable seal of this kind of a unit, or None. `name`: its ending, where there are several,
    e.g. 行政审批专用章."""
    rows = Seal.objects.filter(
        org=org, kind=kind.value, state=State.ACTIVE.value, not_after__gt=timezone.now(), name__endswith=name
    )
    if place:
        rows = rows.filter(place=place)
    row = rows.select_related("replaces").order_by("-pk").first()
    return seal_view(row) if row else None


def personal_seal_of(actor: Actor) -> SealView | None:
    """The actor's own signature in force, or None."""
    row = Seal.objects.filter(
        holder=actor.id,
        kind=SealKind.SIGNATURE.value,
        state=State.ACTIVE.value,
        not_after__gt=timezone.now(),
    )
    found = row.select_related("replaces").first() if actor.kind is ActorKind.PERSON else None
    return seal_view(found) if found else None


def picture_of(actor: Actor, public_id: str) -> bytes:
    """A seal's picture (PNG). Raises NotFound."""
    return bytes(_seen(actor, public_id).picture)


def filed_picture(number: str) -> bytes | None:
    """The picture of the imprint filed under this number with the public security organ, or None."""
    row = Imprint.objects.filter(number=number).first() if number else None
    return bytes(row.picture) if row else None


def imprints(limit: int = 200) -> list[ImprintView]:
    """Filed imprints, the newest first."""
    rows = Imprint.objects.order_by("-pk")[:limit]
    return [
        ImprintView(row.number, row.unit_name, row.digest, row.width_mm, row.height_mm, row.recorded_at)
        for row in rows
    ]


def request_of(actor: Actor, public_id: str) -> bytes:
    """The request for a certificate (PKCS#10, DER) that goes to an authority. Raises NotFound."""
    found = bytes(_seen(actor, public_id).request)
    if not found:
        raise NotFound("还没有证书申请。", mend="保管人生成密钥以后才有。")
    return found


def papers_of(actor: Actor, public_id: str) -> list[PaperView]:
    """The papers of an application. Raises NotFound."""
    rows = _seen(actor, public_id).papers.order_by("pk")
    return [PaperView(PaperKind(row.kind), row.file, row.name) for row in rows]


def steps_of(actor: Actor, public_id: str) -> list[StepView]:
    """What happened to a seal, in order. Raises NotFound."""
    rows = _seen(actor, public_id).steps.order_by("pk")
    return [StepView(row.term, row.by_name, row.at, row.words) for row in rows]


def use_log(actor: Actor, public_id: str, *, limit: int = 200) -> list[PressingView]:
    """Every use of a seal and every refusal, the newest first. Raises NotFound."""
    rows = _seen(actor, public_id).pressings.select_related("use").order_by("-pk")
    return [pressing_view(row) for row in rows[:limit]]


def uses_of_unit(actor: Actor, *, seal: str = "") -> list[UseView]:
    """The requests to use the seals of the actor's units: those that wait first, then the newest."""
    rows = Use.objects.filter(seal__in=_of_unit(actor)).select_related("seal")
    if seal:
        rows = rows.filter(seal__public_id=seal)
    found = [use_view(row) for row in rows.order_by("-pk")[:500]]
    return sorted(found, key=lambda one: one.state is not UseState.REQUESTED)


def use(actor: Actor, public_id: str) -> UseView:
    """One request. Raises NotFound, in the same words for one the actor may not know of."""
    row = Use.objects.filter(public_id=public_id, seal__in=_visible(actor)).select_related("seal").first()
    if row is None:
        raise NotFound("没有这份用印申请。", mend="请从用印申请列表进入。")
    return use_view(row)


def approved_uses(actor: Actor, *, material: str = "", document: str = "") -> list[UseView]:
    """Approvals that still cover something, of the seals the actor keeps: for licences of a type, or for
    one document."""
    rows = Use.objects.filter(
        state=UseState.APPROVED.value,
        until__gte=timezone.localdate(),
        seal__in=_of_unit(actor).filter(custodian=actor.id, state=State.ACTIVE.value),
    ).exclude(scope=Scope.SYSTEM.value)
    if material:
        rows = rows.filter(material=material)
    if document:
        rows = rows.filter(document=document)
    found = [use_view(row) for row in rows.select_related("seal").order_by("-pk")]
    return [one for one in found if one.left > 0 or one.scope is Scope.ONE]


def _seen(actor: Actor, public_id: str) -> Seal:
    row = _visible(actor).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("没有这枚印章。", mend="请从印章列表进入；印章可能属于别的单位。")
    return row


def _warned(row: Seal) -> SealView:
    return seal_view(row, warn_days=plugs.figures(row.org, row.place).of(WARN_DAYS))


def passphrase_is_old(view: SealView) -> bool:
    """Whether the passphrase should be changed again (《办法》第十一条)."""
    days = plugs.figures(view.org, view.place).of(PASSPHRASE_DAYS)
    since = view.passphrase_at
    return since is not None and since + dt.timedelta(days=days) <= timezone.now()


# --- what is trusted ------------------------------------------------------------------------------


def trust() -> TrustStore:
    """Whom we believe now: trusted authorities, the newest list of each issuer, and the older lists that
    name a certificate of ours."""
    known = [
        sealing.parse_certificate(bytes(der))
        for der in Authority.objects.filter(distrusted_at=None).order_by("pk").values_list("der", flat=True)
    ]
    return TrustStore(
        anchors=tuple(one for one in known if one.self_issued),
        crls=tuple(sealing.parse_crl(bytes(row.der)) for row in _lists()),
        intermediates=tuple(one for one in known if not one.self_issued),
    )


def _lists() -> list[RevocationList]:
    newest = RevocationList.objects.values("issuer").annotate(last=Max("pk")).values_list("last", flat=True)
    return list(RevocationList.objects.filter(Q(pk__in=list(newest)) | Q(names_ours=True)).order_by("pk"))


def revocation_of(row: Seal) -> Revoked | None:
    """What the newest list of its issuer says of a seal's certificate; None when it is not on it."""
    certificate = sealing.parse_certificate(bytes(row.certificate))
    found = RevocationList.objects.filter(issuer=certificate.issuer[:300]).order_by("-pk").first()
    return sealing.parse_crl(bytes(found.der)).revoked.get(certificate.serial) if found else None


def authorities() -> list[AuthorityView]:
    """Every authority that is or was trusted, roots first."""
    rows = list(Authority.objects.order_by("distrusted_at", "pk"))
    demo = {name for row in rows if row.key for name in (row.subject, row.issuer)}
    found = [
        AuthorityView(
            row.digest,
            row.subject,
            row.issuer,
            row.not_after,
            row.imported_at,
            row.subject == row.issuer,
            row.subject in demo,
            row.distrusted_at,
            row.distrusted_why,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.distrusted_at is not None, not one.is_root))


def revocation_lists() -> list[CrlView]:
    """The newest list of each issuer, and whether it is still current."""
    newest = RevocationList.objects.values("issuer").annotate(last=Max("pk")).values_list("last", flat=True)
    now = timezone.now()
    return [
        CrlView(
            row.issuer,
            row.this_update,
            row.next_update,
            row.imported_at,
            row.next_update is not None and row.next_update > now,
        )
        for row in RevocationList.objects.filter(pk__in=list(newest)).order_by("issuer")
    ]


def maker_name() -> str:
    """Who makes seals now; "" when nobody is registered."""
    row = Maker.objects.filter(ended_at=None).order_by("-pk").first()
    return row.name if row else ""
