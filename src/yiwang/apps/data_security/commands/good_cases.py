# SPDX-License-Identifier: Apache-2.0
"""Good cases of use (优秀案例): a unit nominates, the bureau chooses, publishes (驻政办〔2022〕60号)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import resources
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.powers import NOMINATES, homes_of, is_bureau, units_of
from ..domain.words import GoodCaseState
from ..models import GoodCase, UseDay
from ._shared import administrators_of, note, refuse, required, tell


@transaction.atomic
def nominate(actor: Actor, org: str, *, title: str, story: str, used: Sequence[str]) -> str:
    """Nominate a case of one's unit, with this year's figures of the resources it used; its public id.

    Raises NotAllowed: another unit's. Invalid: nothing written, no or unknown resources.
    """
    if org not in units_of(actor, *NOMINATES):
        raise refuse("替这个单位推荐案例")
    known = resources(current().catalogue)
    if not used or set(used) - set(known):
        raise Invalid("请选择用到的数据资源。", mend="至少选一项，从列表中选。", field="used")
    year = timezone.localdate().year
    sums = UseDay.objects.filter(org=org, resource__in=used, day__year=year).aggregate(
        calls=Sum("calls"), rows=Sum("rows")
    )
    row = GoodCase.objects.create(
        public_id=new_public_id("good"),
        org=org,
        year=year,
        title=required(title, "标题", field="title", longest=100),
        story=required(story, "做法和成效", field="story"),
        resources=sorted(set(used)),
        figures={name: value or 0 for name, value in sums.items()},
        state=GoodCaseState.NOMINATED.value,
        nominated_at=timezone.now(),
        nominated_by=actor.id,
    )
    note(actor, "good_case.nominated", f"good-case:{row.public_id}", row.public_id, {"org": org})
    return row.public_id


@transaction.atomic
def judge(actor: Actor, case: str, *, choose: bool, words: str) -> None:
    """Choose a nominated case, or decline it; the reason either way. Only the bureau may.

    Raises NotAllowed; NotFound; Invalid: no reason; Conflict: judged already.
    """
    row = _locked(actor, case, GoodCaseState.NOMINATED)
    row.words = required(words, "评选意见", longest=500)
    row.state = (GoodCaseState.CHOSEN if choose else GoodCaseState.DECLINED).value
    row.judged_at, row.judged_by = timezone.now(), actor.id
    row.save(update_fields=["state", "words", "judged_at", "judged_by"])
    _tell(actor, row)


@transaction.atomic
def publish(actor: Actor, case: str) -> None:
    """Publish a chosen case to all units. Only the bureau may. Raises NotAllowed; NotFound; Conflict."""
    row = _locked(actor, case, GoodCaseState.CHOSEN)
    row.state, row.published_at = GoodCaseState.PUBLISHED.value, timezone.now()
    row.save(update_fields=["state", "published_at"])
    _tell(actor, row)


def _locked(actor: Actor, case: str, state: GoodCaseState) -> GoodCase:
    row = GoodCase.objects.select_for_update().filter(public_id=case).first()
    known = row is not None and (is_bureau(actor) or row.org in homes_of(actor))
    if row is None or not known:
        raise NotFound("没有这个案例。", mend="请回到列表，从中选择。")
    if not is_bureau(actor):
        raise refuse("评选案例：由市政务服务和大数据管理局评选、发布")
    if row.state != state.value:
        raise Conflict("案例的状态已经变了。", mend="请刷新页面查看。")
    return row


def _tell(actor: Actor, row: GoodCase) -> None:
    note(actor, f"good_case.{row.state}", f"good-case:{row.public_id}", row.public_id, {"org": row.org})
    term = GoodCaseState(row.state).term
    to = [row.nominated_by, *administrators_of(row.org)]
    tell(to, f"应用案例{term}", f"“{row.title}”：{term}。{row.words}", about=row.public_id, but=actor)
