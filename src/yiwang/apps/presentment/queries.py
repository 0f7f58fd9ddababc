# SPDX-License-Identifier: Apache-2.0
"""Read showings, authorisations and uses; put a licence into the words of a purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.licences.public import LicenceView, licence, licences
from yiwang.engines.definitions.kinds.purposes import UsePurpose, Way
from yiwang.kernel.actor import Actor, Matter
from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.ids import check_id_number

from .domain.purposes import purpose_of, purposes_for
from .domain.seen import Holder, Record, Seen, seen
from .models import Authorisation, Showing, Use

LICENCE_LOOKS = (
    ("licence.", "present.", "authorisation."),
    (".look", ".refused", ".wrong"),
    ("电子证照库",),
)
"""Which journal entries are looks at licences: beginnings and ends of actions, evidence providers."""

NO_SUCH_LICENCE = ("没有这个证照。", "请从“我的证照”里选择。")
NOT_FOR_YOU = ("没有给您的这个授权。", "请持证人核对授权的窗口和工作人员。")


def record_of(view: LicenceView, on: dt.date) -> Record:
    """A licence as this room's rules take it."""
    return Record(
        id=view.public_id,
        material=view.material,
        number=view.number,
        issuer=view.issuer,
        fields=view.fields,
        valid_from=view.valid_from,
        valid_until=view.valid_until,
        standing=view.word,
        usable=view.usable_on(on),
        reason=view.standing_reason,
    )


def standing_of(view: LicenceView) -> tuple[str, bool]:
    """How a licence stands today, in a word, and whether it proves anything."""
    found = record_of(view, timezone.localdate())
    return found.standing, found.usable


def holder_of(found: Subject) -> Holder:
    """The holder with the birth date that the identity number tells."""
    birth = None
    if found.kind == "person":
        try:
            birth = check_id_number(found.number, today=timezone.localdate()).birth
        except Invalid:
            birth = None
    return Holder(found.name, found.masked_name, birth)


def own_licence(actor: Actor, public_id: str) -> LicenceView:
    """A licence of the actor's own, or of a firm they act for. Raises NotFound, in the same words for
    somebody else's."""
    try:
        found = licence(public_id)
    except NotFound:
        found = None
    if found is None or not actor.is_subject(found.holder, Matter.APPLICATIONS):
        raise NotFound(NO_SUCH_LICENCE[0], mend=NO_SUCH_LICENCE[1])
    return found


def purposes_of(view: LicenceView, way: Way) -> list[UsePurpose]:
    """For what a licence can be used in this way today."""
    catalogue = current().catalogue
    material = catalogue.materials.get(view.material)
    return purposes_for(catalogue, way, material, on=timezone.localdate()) if material else []


@dataclass(frozen=True)
class ShowingView:
    """A showing as its holder sees it. `used_by`: who scanned it, in words; `code_until`: when the
    newest code stops to count."""

    public_id: str
    licence: str
    subject: str
    purpose: UsePurpose
    ends_at: dt.datetime
    used_at: dt.datetime | None
    used_by: str = ""
    code_until: dt.datetime | None = None


def showing(actor: Actor, public_id: str) -> ShowingView:
    """A showing of the actor's. Raises NotFound, in the same words for somebody else's."""
    row = Showing.objects.filter(public_id=public_id).first()
    if row is None or row.shown_by != actor.id:
        raise NotFound("没有这次亮证。", mend="请从“我的证照”里重新亮证。")
    use = Use.objects.filter(showing=row).first()
    code = row.codes.filter(replaced_at=None).order_by("-id").first()
    return ShowingView(
        row.public_id,
        row.licence,
        row.subject,
        purpose_of(current().catalogue, row.purpose, on=timezone.localdate(row.made_at)),
        row.ends_at,
        row.used_at,
        use.shown_as if use else "",
        code.expires_at if code else None,
    )


@dataclass(frozen=True)
class AuthorisationView:
    """An authorisation as its holder, or the clerk it names, sees it."""

    public_id: str
    subject: str
    purpose: str
    purpose_name: str
    licences: Sequence[str]
    place: str
    officer: str
    application: str
    made_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None
    uses: int = 0

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it can still be used."""
        used_up = self.used_at is not None and not self.application
        return self.revoked_at is None and not used_up and now < self.expires_at

    def state_term(self, now: dt.datetime) -> str:
        """How it stands, in a word."""
        if self.revoked_at is not None:
            return "已撤回"
        if self.used_at is not None and not self.application:
            return "已使用"
        return "可以使用" if now < self.expires_at else "已过期"


def _views(found: QuerySet[Authorisation], limit: int) -> list[AuthorisationView]:
    """Newest first, with two questions to the database however many they are."""
    purposes = current().catalogue.others.get("purposes", {})
    names = {key: one.name for key, one in purposes.items()}
    rows = found.annotate(times=Count("uses")).order_by("-id")[:limit]
    return [_authorisation_view(row, names) for row in rows]


def _authorisation_view(row: Authorisation, names: Mapping[str, str]) -> AuthorisationView:
    return AuthorisationView(
        row.public_id,
        row.subject,
        row.purpose,
        names.get(row.purpose, row.purpose),
        tuple(row.licences),
        row.place,
        row.officer,
        row.application,
        row.made_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
        getattr(row, "times", 0),
    )


def authorisations_of(actor: Actor, *, limit: int = 50) -> list[AuthorisationView]:
    """The authorisations of the actor and of the firms they act for, newest first."""
    found = Authorisation.objects.filter(subject__in={actor.id, *actor.firms_for(Matter.APPLICATIONS)})
    return _views(found, limit)


def authorisation(actor: Actor, public_id: str) -> AuthorisationView:
    """One authorisation of the actor's own. Raises NotFound, in the same words for somebody else's."""
    found = _views(Authorisation.objects.filter(public_id=public_id), 1)
    if not found or not actor.is_subject(found[0].subject, Matter.APPLICATIONS):
        raise NotFound("没有这个授权。", mend="请从“授权用证”里选择。")
    return found[0]


def addressed_to(actor: Actor, *, limit: int = 50) -> list[AuthorisationView]:
    """What this very clerk may still use without a code, newest first."""
    if not actor.id:
        return []
    open_now = Q(used_at=None) | ~Q(application="")
    found = Authorisation.objects.filter(
        open_now, officer=actor.id, revoked_at=None, expires_at__gt=timezone.now()
    )
    return _views(found, limit)


@dataclass(frozen=True)
class UseView:
    """What was used, as whoever used it may read it for some minutes."""

    public_id: str
    purpose: UsePurpose
    at: dt.datetime
    page_until: dt.datetime
    by_scan: bool
    application: str
    seen: Sequence[Seen]


def use(actor: Actor, public_id: str) -> UseView:
    """A use of the actor's, while its page may be read. The licences stand as they do now.

    Raises NotFound: somebody else's, none, or its minutes are over.
    """
    row = Use.objects.select_related("authorisation").filter(public_id=public_id, actor=actor.id).first()
    if row is None or row.page_until <= timezone.now():
        raise NotFound("没有这次用证记录，或者查看时间已过。", mend="要再看，请对方重新亮证，或者重新授权。")
    catalogue, today = current().catalogue, timezone.localdate()
    purpose = purpose_of(catalogue, row.purpose, on=timezone.localdate(row.at))
    holder = holder_of(subject(row.subject))
    found = {one.public_id: one for one in licences(row.licences)}
    views = [
        seen(catalogue, purpose, record_of(found[one], today), holder, on=today)
        for one in row.licences
        if one in found
    ]
    application = row.authorisation.application if row.authorisation else ""
    return UseView(
        row.public_id, purpose, row.at, row.page_until, row.showing_id is not None, application, views
    )
