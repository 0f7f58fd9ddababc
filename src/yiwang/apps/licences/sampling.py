# SPDX-License-Identifier: Apache-2.0
"""Quality sampling (质量抽查): draw, check, order to mend, mend, close; who is late.

Source: 豫数政办〔2023〕3号 L273: by use and by what firms and people complain of; the bureau urges the
department to mend. Share and limit are settings of the city.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record
from yiwang.engines.definitions import whole
from yiwang.engines.process.limits import due_on
from yiwang.kernel.actor import Actor, ActorKind, Matter
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .candidates import keep_candidates
from .domain.sampling import Drawn, Weights, draw
from .domain.sampling_states import FindingState, move
from .models import Licence, LicenceComplaint, SampledLicence, Sampling
from .sampling_views import departments_of, require_bureau

Uses = Callable[[], Mapping[str, int]]
"""How often things were looked at, by public id; who never was need not be named."""

USE_WEIGHT, COMPLAINT_WEIGHT = "sampling-use-weight", "sampling-complaint-weight"
SIZE, MEND_DAYS = "sampling-size", "sampling-mend-days"
_MOST_WORDS = 500
_MOST_SIZE = 1_000


@dataclass(frozen=True)
class Wanted:
    """What is drawn from: the whole city, one department, one type."""

    name: str
    size: int
    org: str = ""
    material: str = ""


@transaction.atomic
def complain(actor: Actor, licence: str, words: str) -> None:
    """Note that somebody says a licence is wrong: its holder, or an officer who was told (12345, window).

    Raises NotFound: no such licence, or none of the person's own. Invalid: no words.
    """
    row = Licence.objects.filter(public_id=licence).first()
    if row is None or not (
        actor.kind is ActorKind.OFFICER or actor.is_subject(row.holder, Matter.APPLICATIONS)
    ):
        raise NotFound("没有这个证照。", mend="请核对编号。")
    if not words.strip():
        raise Invalid("请写明哪里不对。", mend="例如“地址印错了”。", field="words")
    LicenceComplaint.objects.create(licence=row, words=words.strip()[:300], by=actor.id, at=timezone.now())
    record(actor, "licence.complained", stream=f"licence:{licence}", about=licence, subject=row.holder)


def complain_of_number(actor: Actor, material: str, number: str, words: str) -> None:
    """The same by type and number, as an officer is told of it. Raises NotAllowed, NotFound, Invalid."""
    if actor.kind is not ActorKind.OFFICER:
        raise NotAllowed("只有工作人员可以按编号登记。", mend="请从自己的证照页反映。")
    row = Licence.objects.filter(material=material, number=number.strip()).first()
    if row is None:
        raise NotFound("没有这个编号的证照。", mend="请核对证照种类和编号。")
    complain(actor, row.public_id, words)


@transaction.atomic
def draw_sample(actor: Actor, wanted: Wanted, *, uses: Uses, seed: str = "") -> str:
    """Draw a sample; returns its public id. Seed, candidates and weights are kept, so that anybody can
    draw it again (`sampling_views.redraw`); without a seed a fresh one is made, so that nobody chooses.

    Raises NotAllowed: not the data bureau. Invalid: a bad size, no name. Conflict: nothing to draw from.
    """
    require_bureau(actor)
    if not wanted.name.strip() or not 1 <= wanted.size <= _MOST_SIZE:
        mend = f"请填名称；件数在 1 到 {_MOST_SIZE} 之间。"
        raise Invalid("抽查的名称或件数不对。", mend=mend, field="size")
    opened, seed = current(), seed.strip()[:64] or secrets.token_hex(16)
    weights = Weights(whole(opened.catalogue, USE_WEIGHT), whole(opened.catalogue, COMPLAINT_WEIGHT))
    told = {one.id: one for one in _weighed(_population(wanted), uses)}
    if not told:
        raise Conflict("没有符合条件的证照可抽。", mend="请换一个单位或证照类型。")
    candidates = [(one.id, weights.of(one.uses, one.complaints)) for one in told.values()]
    sampling = Sampling.objects.create(
        public_id=new_public_id("s"),
        name=wanted.name.strip()[:80],
        org=wanted.org,
        material=wanted.material,
        seed=seed,
        size=wanted.size,
        population=len(told),
        candidates=keep_candidates(candidates),
        use_weight=weights.use,
        complaint_weight=weights.complaint,
        drawn_by=actor.id,
        drawn_name=actor.name,
        drawn_at=timezone.now(),
    )
    drawn = draw(seed, candidates, size=wanted.size)
    _enter(sampling, drawn, told)
    detail = {"seed": seed, "size": len(drawn), "candidates": sampling.candidates}
    record(actor, "sampling.drawn", stream=_stream(sampling), about=sampling.public_id, detail=detail)
    return sampling.public_id


@dataclass(frozen=True)
class _Told:
    """How often one licence was used and complained of."""

    id: str
    uses: int
    complaints: int


def _enter(sampling: Sampling, drawn: Sequence[Drawn], told: Mapping[str, _Told]) -> None:
    rows = Licence.objects.filter(public_id__in=[one.id for one in drawn])
    keys = dict(rows.values_list("public_id", "pk"))
    SampledLicence.objects.bulk_create(
        SampledLicence(
            sampling=sampling,
            licence_id=keys[one.id],
            position=place,
            weight=one.weight,
            uses=told[one.id].uses,
            complaints=told[one.id].complaints,
            state=FindingState.TO_CHECK.value,
        )
        for place, one in enumerate(drawn, start=1)
    )


def _population(wanted: Wanted) -> QuerySet[Licence]:
    rows = Licence.objects.order_by("pk")
    if wanted.org:
        rows = rows.filter(issuer=wanted.org)
    return rows.filter(material=wanted.material) if wanted.material else rows


def _weighed(rows: QuerySet[Licence], uses: Uses) -> Iterator[_Told]:
    used = uses()
    complaints = dict(
        LicenceComplaint.objects.values_list("licence__public_id").annotate(count=Count("id")).order_by()
    )
    for public_id in rows.values_list("public_id", flat=True).iterator(chunk_size=2_000):
        yield _Told(public_id, used.get(public_id, 0), complaints.get(public_id, 0))


@transaction.atomic
def note_finding(actor: Actor, finding: int, *, fault: str) -> None:
    """Say what was found: nothing (an empty `fault`), or what is wrong; then the department is ordered to
    mend it within the working days of the setting.

    Raises NotAllowed, NotFound, Conflict.
    """
    require_bureau(actor)
    row = _locked(finding)
    words = fault.strip()[:_MOST_WORDS]
    row.state = move(FindingState(row.state), FindingState.ORDERED if words else FindingState.FINE).value
    row.finding, row.checked_by, row.checked_at = words, actor.id, timezone.now()
    row.due_on = _mend_until(current()) if words else None
    row.save()
    _note(actor, row, "sampling.ordered" if words else "sampling.fine")


@transaction.atomic
def say_mended(actor: Actor, finding: int, *, words: str) -> None:
    """The issuing department says how it mended the licence.

    Raises NotFound: no such order, or none of this department. Invalid: no words. Conflict.
    """
    row = _locked(finding)
    if row.licence.issuer not in departments_of(actor):
        raise NotFound("没有这一件整改。", mend="请从整改列表进入。")
    if not words.strip():
        raise Invalid("请写明怎样改的。", mend="例如“已按登记的地址更正并重新签章”。", field="words")
    row.state = move(FindingState(row.state), FindingState.MENDED).value
    row.mended_words, row.mended_by, row.mended_at = words.strip()[:_MOST_WORDS], actor.id, timezone.now()
    row.save()
    _note(actor, row, "sampling.mended")


@transaction.atomic
def close_finding(actor: Actor, finding: int, *, accept: bool, words: str = "") -> None:
    """The bureau looks again: mended (closed), or not (ordered once more, with a new limit).

    Raises NotAllowed, NotFound, Invalid (sent back without a reason), Conflict.
    """
    require_bureau(actor)
    row = _locked(finding)
    if not accept and not words.strip():
        raise Invalid("退回要写明还有什么没改好。", mend="发证单位会看到。", field="words")
    row.state = move(FindingState(row.state), FindingState.CLOSED if accept else FindingState.ORDERED).value
    if accept:
        row.closed_by, row.closed_at = actor.id, timezone.now()
    else:
        row.finding, row.due_on = words.strip()[:_MOST_WORDS], _mend_until(current())
    row.save()
    _note(actor, row, "sampling.closed" if accept else "sampling.ordered")


def default_size() -> int:
    """How many licences a drawing takes when nobody says otherwise."""
    return whole(current().catalogue, SIZE)


def _locked(finding: int) -> SampledLicence:
    row = SampledLicence.objects.select_for_update().filter(pk=finding).first()
    if row is None:
        raise NotFound("没有这一件。", mend="请从抽查列表进入。")
    return row


def _mend_until(opened: OpenRelease) -> dt.date:
    return due_on(opened.catalogue, opened.calendar, MEND_DAYS, timezone.localdate())


def _stream(sampling: Sampling) -> str:
    return f"sampling:{sampling.public_id}"


def _note(actor: Actor, row: SampledLicence, action: str) -> None:
    about, subject = row.licence.public_id, row.licence.holder
    record(actor, action, stream=_stream(row.sampling), about=about, subject=subject)
