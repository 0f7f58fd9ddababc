# SPDX-License-Identifier: Apache-2.0
"""Quality and security of shared data: somebody says at the counter that a record about them is wrong, it is
corrected in time and the next quality run sees it; an officer looks at one person again and again, and the
unit's security administrator has to look into it.

Played once: a second run tells what became of it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from yiwang.apps.data_security import public as security
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.journal.public import deliver_due
from yiwang.apps.quality import public as quality
from yiwang.engines.exchange import resources
from yiwang.engines.exchange.unusual import Unusual
from yiwang.kernel.actor import Actor, ActorKind, system
from yiwang.wiring import outbox, watch_calls

from .browser import Browser, Stumbled
from .needs import bureau_officer
from .stage import Stage

_RESOURCE, _ITEM = "household-population", "resident-address"
_MAKER = system("示例数据")
_NEW_HOME = "驻马店市驿城区文明路66号3号楼2单元501室"
_GIVE_UP = dt.timedelta(days=1)
_PATIENCE = 20.0  # seconds until the worker, or we, have ended a run


@dataclass(frozen=True)
class Trusted:
    """What came of it: the run's score, the objection, the alert. `pages`: how many were opened."""

    resource: str
    score: str
    rows: int
    objection: quality.ObjectionRow
    mended: bool
    alert: security.AlertView
    pages: int


def trust_the_data(stage: Stage, case: str) -> Trusted:
    """Play it; `case`: the number of a case that is under way. Raises StepFailed."""
    step, person = stage.story.step, subject(stage.cast.walk_in)
    known, browsers = resources(stage.catalogue)[_RESOURCE], list[Browser]()

    def browser(username: str) -> Browser:
        browsers.append(stage.browser(username))
        return browsers[-1]

    with step("来人说户籍地址不对，窗口替他提异议，出回执") as note:
        made = _objected(browser, person)
        note(f"异议编号 {made.number}，{made.provider_name}最迟{made.due_on:%m月%d日}答复")
    with step("提供部门核查属实，平台把更正签名发到它的系统，系统答复") as note:
        told = _corrected(browser, person, made)
        note(f"{told.said.term}，回执 {told.receipt}")
    with step("本人看到结果，表示满意，办结") as note:
        note(_settled(browser, person))
    with step(f"检查数据质量：{known.name}") as note:
        found = _judged(person)
        note(f"{found.rows} 条，得分 {found.score}")
    with step("经办人反复查同一个人，系统告警，安全管理员核查") as note:
        alert = _watched(stage, browser, person, case)
        note(f"{alert.sentence}{alert.state.term}")
    settled = _own(person) or made
    pages = sum(one.pages for one in browsers)
    return Trusted(known.name, str(found.score), found.rows, settled, _mended(person), alert, pages)


def _actor(person: Subject) -> Actor:
    return Actor(ActorKind.PERSON, person.public_id, person.name)


def _own(person: Subject) -> quality.ObjectionRow | None:
    rows = quality.objections(_actor(person))
    return next((one for one in rows if (one.resource, one.field) == (_RESOURCE, _ITEM)), None)


def _objected(browser: Callable[[str], Browser], person: Subject) -> quality.ObjectionRow:
    """The objection, filed at the counter unless it is there."""
    if (known := _own(person)) is None:
        desk = browser("chuangkou")
        card = desk.open("/counter/").form(to="/counter/meet")
        card.put(name=person.name, id_number=person.number).press().follow("替来人提数据异议")
        page = desk.open(f"/counter/objections/new?resource={_RESOURCE}&field={_ITEM}")
        said = {"says": person.address, "should": _NEW_HOME, "why": "已经迁户口，户口簿上写的是新地址"}
        page.form(having="should").put(**said).press()
        known = _own(person)
    if known is None:
        raise Stumbled("异议没有登记上。")
    return known


def _corrected(
    browser: Callable[[str], Browser], person: Subject, made: quality.ObjectionRow
) -> quality.CorrectionView:
    """Checked by the provider; the correction goes to its own system, which says what became of it."""
    if made.state is quality.State.CHECKING:
        form = browser("shuguan").open(f"/data/objections/{made.public_id}").form(having="outcome")
        found = "与户口迁移档案、户口簿原件核对一致"
        form.put(outcome="corrected", evidence=found, way=quality.Way.MESSAGE.value).press()
    until = time.monotonic() + _PATIENCE
    while True:
        told = _correction(person)
        if told is not None and told.said in (quality.Said.MENDED, quality.Said.REFUSED):
            return told
        if deliver_due(outbox(), give_up_after=_GIVE_UP):
            continue  # there may be much before it
        if time.monotonic() > until:
            raise Stumbled("提供部门的系统没有答复更正。")
        time.sleep(0.2)  # the worker has it in hand


def _settled(browser: Callable[[str], Browser], person: Subject) -> str:
    """The person reads it and says that it is settled."""
    now = _own(person)
    if now is not None and now.state is quality.State.CORRECTED:
        page = browser("laike").open(f"/my-data/objections/{now.public_id}")
        if quality.Said.MENDED.term not in str(page.tree.text_content()):
            raise Stumbled("本人看不到提供部门系统的答复。")
        page.form(having="words").press("satisfied", "yes")
        now = _own(person)
    if now is None or now.state is not quality.State.CLOSED:
        raise Stumbled("异议没有办结。")
    return "在期限以内" if now.light.value != "late" else "已经超期"


def _judged(person: Subject) -> quality.RunView:
    """The newest run: one that has read the corrected address, made now when none has."""
    until = time.monotonic() + _PATIENCE
    while not ((found := _runs()) and _mended(person)):
        if time.monotonic() > until:
            raise Stumbled("质量检查没有跑完，或者没有读到更正后的地址。")
        quality.run(_MAKER, _RESOURCE)
        if not quality.work_on_runs():
            time.sleep(0.2)  # the worker has it in hand
    return found[-1]


def _mended(person: Subject) -> bool:
    """Whether the source says what the objection came to."""
    told = _correction(person)
    return told is not None and told.agreed_at is not None


def _correction(person: Subject) -> quality.CorrectionView | None:
    own = _own(person)
    rounds = quality.objection(_actor(person), own.public_id).rounds if own else ()
    return rounds[-1].correction if rounds else None


def _runs() -> list[quality.RunView]:
    return list(quality.resource_quality(_MAKER, _RESOURCE).trend)


def _watched(
    stage: Stage, browser: Callable[[str], Browser], person: Subject, case: str
) -> security.AlertView:
    """The alert, looked into; raised and answered now when there is none."""
    if (known := _alert()) is None:
        page = browser("shouli").open("/data/query/").follow(resources(stage.catalogue)[_RESOURCE].name)
        for _ in range(int(stage.catalogue.settings["unusual-same-person"].value)):
            form = page.form(having="case")
            form.put(case=case).fill("key-resident-id-number", person.number)
            form.press()
        watch_calls()
        known = _alert()
    if known is None:
        raise Stumbled("没有告警。")
    if known.state is security.AlertState.OPEN:
        form = browser("anquan").open(f"/data/security/alerts/{known.public_id}").form(having="verdict")
        form.put(verdict="harmless", words="已问过经办人：核对迁户口的材料时重复点了查询，已提醒。").press()
    return _alert() or known


def _alert() -> security.AlertView | None:
    rows = [one for one in security.alerts(bureau_officer()) if one.kind is Unusual.SAME_PERSON]
    return next((one for one in rows if one.resource == _RESOURCE), None)
