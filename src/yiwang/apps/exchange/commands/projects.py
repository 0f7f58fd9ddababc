# SPDX-License-Identifier: Apache-2.0
"""The gate for government IT projects: departments register them, the data bureau gives its opinion.

The opinion follows from the rules (definitions, `gates`) and the answers; nobody overrules them: a
project that fails is mended and registered again (gb-2022-10 L507).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from yiwang.apps.catalogue.public import OpenRelease, current
from yiwang.apps.journal.public import record
from yiwang.apps.notices.public import notify
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.exchange.gates import GateRule, Judged, ProjectGate, gates, judge
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from yiwang.kernel.ids import new_public_id

from ..domain.projects import NewProject, Stage, State, move
from ..models import ItProject, ProjectOpinion
from ..parts import require_bureau
from ..requests_parts import asks_for
from .requests import NotComplete

_SHORTEST, _LONGEST_NAME, _LONGEST = 5, 200, 1000
_YEARS = 5  # ahead: more is a typing error


class NoSuchProject(NotFound):
    """There is none, or none the actor may know of: in the same words."""

    def __init__(self) -> None:
        super().__init__("没有这个项目，或者您无权查看。", mend="请回到列表，从中选择。")


def gate_of(opened: OpenRelease) -> ProjectGate:
    """The gate in force. Raises Unavailable when the release has none."""
    found = next(iter(gates(opened.catalogue).values()), None)
    if found is None:
        raise Unavailable("目录版本里没有项目审核的规则。", mend="请目录管理员在 gates 中补上并发布。")
    return found


@transaction.atomic
def register_project(actor: Actor, new: NewProject) -> str:
    """Register a project for the data bureau's opinion; returns its public id.

    Raises NotAllowed: not one of the department's officers. NotComplete: everything that is wrong.
    Conflict: it is for other hands (secret), or registered already this year.
    """
    _require_own(actor, new.org)
    facts = _checked(new)
    now = timezone.now()
    row = ItProject(
        public_id=new_public_id("dp"),
        org=new.org,
        state=State.REGISTERED.value,
        registered_at=now,
        registered_by=actor.id,
        fillers=[actor.id],
        **_columns(new, facts),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            "本部门今年已经登记过同名的项目。", mend="请打开已登记的那个修改，或换一个名称。"
        ) from None
    _note(actor, "registered", row)
    return row.public_id


@transaction.atomic
def amend_project(actor: Actor, project: str, new: NewProject, *, version: int) -> None:
    """Change a project before its opinion, or mend one that failed.

    Raises NoSuchProject; Conflict: it passed already, or the page is out of date; and what
    `register_project` raises.
    """
    row = ItProject.objects.select_for_update().filter(public_id=project).first()
    if row is None or row.org not in asks_for(actor):
        raise NoSuchProject
    _require_version(row, version)
    state = move(State(row.state), State.REGISTERED)
    if new.org != row.org:
        raise Invalid("项目不能换部门。", mend="要由别的部门申报的，请由那个部门另行登记。")
    for name, value in _columns(new, _checked(new)).items():
        setattr(row, name, value)
    row.state, row.version = state.value, row.version + 1
    row.fillers = sorted({*row.fillers, actor.id})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("本部门今年已经登记过同名的项目。", mend="请换一个名称。") from None
    _note(actor, "amended", row)


@transaction.atomic
def give_opinion(actor: Actor, project: str, *, words: str = "", version: int) -> State:
    """Give the data-sharing opinion that follows from the rules; returns it.

    Raises NotAllowed: not the data bureau, or somebody who filled it in. NoSuchProject.
    Conflict: given already, answers missing, or the page is out of date.
    """
    require_bureau(actor)
    row = ItProject.objects.select_for_update().filter(public_id=project).first()
    if row is None:
        raise NoSuchProject
    if actor.id in row.fillers:
        raise NotAllowed("申报人不能给自己的项目出具意见。", mend="请由另一位数据管理员办理。")
    _require_version(row, version)
    opened = current()
    found = judge(opened.catalogue, gate_of(opened), row.facts)
    if found.passes is None:
        raise Conflict("还有问题没有回答，不能出具意见。", mend="请申报部门补全后再办。")
    state = move(State(row.state), State.PASSED if found.passes else State.FAILED)
    row.state, row.version = state.value, row.version + 1
    row.save(update_fields=["state", "version"])
    ProjectOpinion.objects.create(
        project=row,
        state=state.value,
        reasons=[_reason(opened, one) for one in found.failed],
        facts=row.facts,
        words=words.strip()[:500],
        release=opened.digest,
        given_at=timezone.now(),
        given_by=actor.id,
        given_by_name=actor.name[:80],
    )
    _note(actor, "opinion", row)
    notify(
        row.registered_by,
        f"项目数据共享审核：{state.term}",
        f"{row.name}：{state.sentence}",
        about=row.public_id,
    )
    return state


def _reason(opened: OpenRelease, rule: GateRule) -> dict[str, str]:
    return {"says": rule.says, "mend": rule.mend, "at": cite_words(opened.catalogue, rule.cite)}


def judged(facts: Mapping[str, bool]) -> Judged:
    """What the rules in force say of these answers."""
    opened = current()
    return judge(opened.catalogue, gate_of(opened), facts)


def _checked(new: NewProject) -> dict[str, bool]:
    """The answers of a project, if it may be registered like this."""
    opened = current()
    gate = gate_of(opened)
    found = judge(opened.catalogue, gate, new.facts)
    if found.outside:
        raise Conflict(gate.outside_says, mend="请不要在本平台填写任何涉密内容。")
    wrong = [(one, "请选择“是”或“否”。") for one in gate.asks if new.facts.get(one) is None]
    this_year = timezone.localdate().year
    for field, is_wrong, words in (
        ("name", not _SHORTEST <= len(new.name.strip()) <= _LONGEST_NAME, "请写项目全称（5到200个字）。"),
        ("summary", not _SHORTEST <= len(new.summary.strip()) <= _LONGEST, "请写建设内容（5到1000个字）。"),
        ("year", not this_year - 1 <= new.year <= this_year + _YEARS, "请填预算年度，如今年。"),
        ("money", not 0 <= new.money <= 10**15, "请填投资金额（元）。"),
    ):
        if is_wrong:
            wrong.append((field, words))
    if wrong:
        raise NotComplete(wrong)
    return {one: new.facts[one] for one in gate.asks}


def _columns(new: NewProject, facts: Mapping[str, bool]) -> dict[str, Any]:
    return {
        "name": new.name.strip(),
        "stage": Stage(new.stage).value,
        "year": new.year,
        "money": new.money,
        "summary": new.summary.strip(),
        "facts": dict(facts),
    }


def _require_own(actor: Actor, org: str) -> None:
    if org not in asks_for(actor):
        raise NotAllowed("只能登记本部门的项目。", mend="请由申报部门的数据管理员、经办人或审批人登记。")


def _require_version(row: ItProject, seen: int) -> None:
    if row.version != seen:
        raise Conflict("这个项目刚刚有了变化，您看到的页面已经过时。", mend="请刷新页面，看清最新内容再办。")


def _note(actor: Actor, what: str, row: ItProject) -> None:
    record(
        actor,
        f"it_project.{what}",
        stream=f"it-project:{row.public_id}",
        about=row.public_id,
        detail={"org": row.org, "state": row.state, "year": row.year},
    )
