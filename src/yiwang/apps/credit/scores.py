# SPDX-License-Identifier: Apache-2.0
"""The personal score (个人信用分): only for whoever agreed, only when they look or use it, only for benefits.

1. `score_offer` says by which rules, what is never used, what it brings, and what is agreed to.
2. `agree_to_score`, `withdraw_score`: the person alone, for themselves alone, any time.
3. `own_score` works it out from today's records; nothing of it is kept.
4. `use_score` gives proof for one scene it earned: a code by which whoever gives the benefit learns the scene
   and until when, neither the points nor whose it is. Each use is recorded; a withdrawal ends them all.

Nothing here answers "no": who has no score, or few points, is served as everybody is. No other room may
import this module, and none of its answers names an effect (`engines/credit/tests/test_reports.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record as note_down
from yiwang.apps.licences.public import new_check_code, read_check_code, written_check_code
from yiwang.engines.credit import Evaluated, evaluate_one, fact_of
from yiwang.engines.credit.score_kinds import BenefitScene, PersonalScore
from yiwang.engines.credit.scoring import earned
from yiwang.engines.definitions import whole
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from .evaluations import EvaluationView, PublishedRules, rules_of, said
from .models import Record, ScoreConsent, ScoreUse
from .parts import book_of
from .queries.histories import histories
from .queries.views import org_name
from .saying import condition_words

DAYS = "credit-scene-days"
BASIS = "驻政〔2018〕85号（个人信用分、信易+）；个人信息保护法第十四条、第十五条"  # L643
_MOST = 100


@dataclass(frozen=True)
class SceneView:
    """A scene: what it gives, and how everybody else is served. `is_earned`: by the score as it is now."""

    id: str
    name: str
    field: str
    when: str
    gives: str
    otherwise: str
    org: str
    cite: str
    is_earned: bool = False


@dataclass(frozen=True)
class UseView:
    """A use of the score: for which scene, its code, until when."""

    scene: str
    gives: str
    code: str
    at: dt.datetime
    valid_until: dt.date
    holds: bool


@dataclass(frozen=True)
class ScoreOffer:
    """What is offered to a person. `agreed_at` empty: they have not agreed, and nothing is worked out."""

    rules: PublishedRules
    agreement: Sequence[str]
    never: Sequence[tuple[str, str, str]]
    scenes: Sequence[SceneView]
    agreed_at: dt.datetime | None
    told: EvaluationView | None
    uses: Sequence[UseView]


def score_offer(actor: Actor) -> ScoreOffer | None:
    """What there is for the person asking; with their score, if they agreed. None: no rules are in force.

    Raises NotAllowed for anybody but a person.
    """
    _require_person(actor)
    opened = current()
    score = _in_force(opened)
    if score is None:
        return None
    consent = _consent(actor, score)
    told = _worked_out(actor, opened, score) if consent else None
    book = book_of(opened)
    got = {one.id for one in earned(told, book.scenes.values())} if told else set()
    scenes = [one for one in book.scenes.values() if one.score == score.id and one.valid_on(_today())]
    return ScoreOffer(
        rules_of(opened, score),
        tuple(score.agreement),
        [("、".join(one.words), one.says, book.cited(one.cite)) for one in score.never_uses],
        [_scene(opened, one, one.id in got) for one in scenes],
        consent.agreed_at if consent else None,
        said(opened, told) if told else None,
        _uses(actor, opened),
    )


@transaction.atomic
def agree_to_score(actor: Actor) -> None:
    """Agree to be scored; agreeing twice changes nothing. Raises NotAllowed, NotFound: no rules in force."""
    _require_person(actor)
    opened = current()
    score = _required(opened)
    try:
        with transaction.atomic():
            ScoreConsent.objects.create(
                public_id=new_public_id("sc"), subject=actor.id, score=score.id, release=opened.digest,
                agreed_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        return
    _note(actor, "credit.score.agreed", {"score": score.id, "release": opened.digest})


@transaction.atomic
def withdraw_score(actor: Actor) -> None:
    """Withdraw: nothing is worked out any more, and every proof ends. Raises NotAllowed."""
    _require_person(actor)
    rows = ScoreConsent.objects.select_for_update().filter(subject=actor.id, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        _note(actor, "credit.score.withdrawn", {})


@transaction.atomic
def use_score(actor: Actor, scene: str) -> UseView:
    """Take proof for one scene that the score brings today; recorded.

    Raises NotAllowed; Conflict: not agreed, or the scene is not among what it brings, with how one is
    served without.
    """
    _require_person(actor)
    opened = current()
    score = _required(opened)
    if ScoreConsent.objects.select_for_update().filter(
        subject=actor.id, score=score.id, withdrawn_at=None
    ).first() is None:  # fmt: skip
        raise Conflict("您没有同意计算个人信用分。", mend="同意以后才能领取便利；不同意的一切照常办理。")
    known = book_of(opened).scenes.get(scene)
    got = earned(_worked_out(actor, opened, score), book_of(opened).scenes.values())
    if known is None or known not in got:
        mend = known.otherwise if known else "请从列出的便利中选择"
        raise Conflict("现在领不到这项便利。", mend=f"照常办理：{mend}。")
    until = _today() + dt.timedelta(days=whole(opened.catalogue, DAYS))
    row = ScoreUse.objects.create(
        public_id=new_public_id("su"), check_code=new_check_code(), subject=actor.id, score=score.id,
        scene=scene, release=opened.digest, at=timezone.now(), valid_until=until,
    )  # fmt: skip
    _note(actor, "credit.score.used", {"scene": scene, "use": row.public_id})
    return _use(row, opened, agreed=True)


def score_use_check(code: str) -> UseView:
    """What whoever gives a benefit is told by a code: which, until when; not whose, not how many points.

    Raises Invalid for what is no code, NotFound for one that is unknown.
    """
    row = ScoreUse.objects.filter(check_code=read_check_code(code)).first()
    if row is None:
        raise NotFound("没有查到这个查验码的便利凭证。", mend="请逐位核对查验码。")
    agreed = ScoreConsent.objects.filter(
        subject=row.subject, score=row.score, agreed_at__lte=row.at, withdrawn_at=None
    ).exists()
    return _use(row, current(), agreed=agreed)


def _require_person(actor: Actor) -> None:
    if actor.kind is not ActorKind.PERSON:
        raise NotAllowed("个人信用分只由本人查看和使用。", mend="请用个人账号登录。")


def _today() -> dt.date:
    return timezone.localdate()


def _in_force(opened: OpenRelease) -> PersonalScore | None:
    return next((one for one in book_of(opened).scores.values() if one.valid_on(_today())), None)


def _required(opened: OpenRelease) -> PersonalScore:
    score = _in_force(opened)
    if score is None:
        raise NotFound("现在没有施行的个人信用分规则。", mend="一切照常办理。")
    return score


def _consent(actor: Actor, score: PersonalScore) -> ScoreConsent | None:
    return ScoreConsent.objects.filter(subject=actor.id, score=score.id, withdrawn_at=None).first()


def _worked_out(actor: Actor, opened: OpenRelease, score: PersonalScore) -> Evaluated:
    rows = list(Record.objects.filter(subject=actor.id).order_by("id"))
    facts = [fact for one in histories(rows) if (fact := fact_of(one)) is not None]
    return evaluate_one(score, book_of(opened), facts, subject=actor.id, on=_today())


def _scene(opened: OpenRelease, scene: BenefitScene, is_earned: bool) -> SceneView:
    return SceneView(
        scene.id, scene.name, scene.field, condition_words(scene.when), scene.gives, scene.otherwise,
        org_name(opened, scene.org), book_of(opened).cited(scene.basis), is_earned,
    )  # fmt: skip


def _uses(actor: Actor, opened: OpenRelease) -> list[UseView]:
    since = ScoreConsent.objects.filter(subject=actor.id, withdrawn_at=None).values_list(
        "agreed_at", flat=True
    )
    begun = since.first()
    rows = ScoreUse.objects.filter(subject=actor.id).order_by("-id")[:_MOST]
    return [_use(row, opened, agreed=begun is not None and begun <= row.at) for row in rows]


def _use(row: ScoreUse, opened: OpenRelease, *, agreed: bool) -> UseView:
    scene = book_of(opened).scenes.get(row.scene)
    return UseView(
        scene.name if scene else row.scene,
        scene.gives if scene else "这项便利已经停止",
        written_check_code(row.check_code),
        row.at,
        row.valid_until,
        agreed and scene is not None and _today() <= row.valid_until,
    )


def _note(actor: Actor, action: str, detail: dict[str, str]) -> None:
    note_down(
        actor, action, stream=f"credit-score:{actor.id}", about=actor.id, subject=actor.id, basis=BASIS,
        purpose="个人信用分", detail=detail,
    )  # fmt: skip
