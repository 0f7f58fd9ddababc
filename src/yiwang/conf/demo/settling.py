# SPDX-License-Identifier: Apache-2.0
"""Money settled by the month: clean coal (洁净型煤) from the sale to the maker's account, with the village's
list shown to everybody; and what a charging pile is owed, worked out from a month's reading.

Played once: a second run tells what was paid. A list is shown for seven days, so the first month's was put up
before the story begins (its command takes a clock); the second month's is put up now, and stays up.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from yiwang.apps.benefits import public as benefits
from yiwang.apps.identity.public import Subject, subject
from yiwang.apps.journal.public import deliver_due
from yiwang.wiring import outbox

from .browser import Browser, Stumbled
from .city import HOME
from .papers import photograph
from .stage import Stage
from .village import BANK, CHARGING, COAL, VILLAGE, furnish_village, heads, owner_of, payee_of, staff

_SOLD, _SHOWN = "2020-11", "2020-12"  # the coal subsidy ended in November 2021
_SHOWN_DAYS = 8  # one more than the list is shown
_HEADING = "编号,日期,七联单发票号,购买吨数,购煤金额"
_SALES = {
    _SOLD: (
        "沙庄001,{0}-03,F2011001,0.2,180",
        "沙庄001,{0}-20,F2011002,0.2,180",
        "沙庄002,{0}-20,F2011003,0.4,360",
    ),
    _SHOWN: ("沙庄002,{0}-06,F2012001,0.1,90",),
}
_PILE = "雪松路01号桩"
_PATIENCE = 20.0  # seconds until the treasury has answered


@dataclass(frozen=True)
class Settled:
    """What was paid: (policy, month, money, the treasury's receipt). `pages`: how many were opened."""

    paid: Sequence[tuple[str, str, str, str]]
    pages: int


def settle_by_month(stage: Stage) -> Settled:
    """Play both; returns what was paid. Raises StepFailed."""
    with stage.story.step("村里登记住户、区里登记充电桩、企业填收款账户") as note:
        station, firm = furnish_village(stage.cast), subject(stage.cast.firm)
        home = stage.browser("laoban")
        pages = _enrol(stage, station, firm)
        for policy in (COAL, CHARGING):
            _give_account(home, payee_of(stage.cast, policy), firm)
        note(f"{VILLAGE}{len(heads(stage.cast))}户；{firm.name}的{_PILE}")
    paid = []
    with stage.story.step("洁净型煤：企业报销售，村里公示七天，五级审核，市、区财政付给企业") as note:
        if not _statement(stage, COAL).months:
            pages += _coal(stage, home, station)
        paid += [one := _wait(stage, COAL)]
        note(f"2020年11月：{one[2]}，财政回执 {one[3]}；12月的正在公示")
    with stage.story.step("充电桩：企业报一个月的读数，算出奖补，县区审核、市里复核，付给企业") as note:
        if not _statement(stage, CHARGING).months:
            pages += _charging(stage, home)
        paid += [one := _wait(stage, CHARGING)]
        note(f"{one[1]}：{one[2]}，财政回执 {one[3]}")
    return Settled(paid, pages + home.pages)


def _enrol(stage: Stage, station: str, firm: Subject) -> int:
    """Households by the village, the pile by the district, each on its page; how many pages."""
    known = {one.number for one in benefits.households_of(owner_of(stage.cast))}
    if _PILE in known:
        return 0
    village, district = stage.browser("cunwei"), stage.browser("qucai")
    for number, head, size in heads(stage.cast):
        page = village.open(f"/office/settlements/enrol?policy={COAL}")
        form = page.form(having="number").put(where=station, number=number, name=head.name)
        form.put(holder=head.number, began_on="2020-10-01", fact_0="是", fact_1=size)
        form.put(kept_0=f"{VILLAGE}{number[-1]}号", kept_1=head.phone).press()
    page = district.open(f"/office/settlements/enrol?policy={CHARGING}")
    form = page.form(having="number").put(where=f"place:{HOME}", number=_PILE, name=firm.name)
    form.put(holder=firm.number, began_on="2021-01-01", fact_0="是", fact_1="是", fact_2="0")
    form.put(kept_0="2021-01-01").press()
    return village.pages + district.pages


def _give_account(home: Browser, payee: str, firm: Subject) -> None:
    page = home.open(f"/my/settlements/{payee}")
    if not page.shows("还没有填"):
        return
    page.form(having="bank").put(holder=firm.name, bank=BANK, number="41170200000001").press()


def _report(home: Browser, payee: str, period: str, lines: Sequence[str]) -> None:
    form = home.open(f"/my/settlements/{payee}").form(having="period").put(period=period)
    form.attach("file", (f"{period}.csv", "\n".join(lines).encode()))
    form.press()


def _coal(stage: Stage, home: Browser, station: str) -> int:
    payee, people, village = payee_of(stage.cast, COAL), staff(), stage.browser("cunwei")
    for period, lines in _SALES.items():
        _report(home, payee, period, [_HEADING, *(line.format(period) for line in lines)])
    ago = timezone.now() - dt.timedelta(days=_SHOWN_DAYS)
    sheet = benefits.begin_sheet(people["cunwei"], policy=COAL, period=_SOLD, station=station, now=ago)
    form = village.open("/office/settlements/").form(having="where")
    form.put(policy=COAL, where=station, period=_SHOWN).press()
    shown = stage.browser().open("/policies/shown")
    if not shown.shows(VILLAGE) or shown.shows(heads(stage.cast)[1][1].number):
        raise Stumbled("公示页上没有这份名单，或者证件号码没有遮住。")
    form = village.open(f"/office/settlements/{sheet}").form(to="/hand-up")
    form.attach("photo", photograph("notice board"))
    form.press()
    return village.pages + 1 + _pass(stage, sheet, "jiedao", "sanban", "qucai", "shicai")


def _charging(stage: Stage, home: Browser) -> int:
    last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    period = f"{last:%Y-%m}"
    reading = ["编号,充电量（千瓦时）,在线率（%）,运行小时", f"{_PILE},5200,96.5,690"]
    _report(home, payee_of(stage.cast, CHARGING), period, reading)
    district = stage.browser("qucai")
    form = district.open("/office/settlements/").form(having="where")
    page = form.put(policy=CHARGING, where=f"place:{HOME}", period=period).press()
    return district.pages + _pass(stage, page.path.rsplit("/", 1)[1], "shicai")


def _pass(stage: Stage, sheet: str, *usernames: str) -> int:
    """Each checks the sheet on its page and passes it on; how many pages."""
    pages = 0
    for username in usernames:
        officer = stage.browser(username)
        officer.open(f"/office/settlements/{sheet}").form(to="/check").press("passed", "yes")
        pages += officer.pages
    return pages


def _statement(stage: Stage, policy: str) -> benefits.PayeeView:
    return benefits.statement(owner_of(stage.cast), payee_of(stage.cast, policy))


def _paid(stage: Stage, policy: str) -> tuple[str, str, str, str] | None:
    found = _statement(stage, policy)
    rows = [one for one in found.payouts if one.state is benefits.PayoutState.PAID]
    return (found.policy_name, rows[-1].period, rows[-1].money, rows[-1].receipt) if rows else None


def _wait(stage: Stage, policy: str) -> tuple[str, str, str, str]:
    """What was paid, once it was ordered and the treasury has answered: what the worker does in its turn."""
    until = time.monotonic() + _PATIENCE
    while (found := _paid(stage, policy)) is None:
        if time.monotonic() > until:
            raise Stumbled("财政还没有拨付。", mend="请看 worker 的日志。")
        benefits.advance()
        if not deliver_due(outbox(), give_up_after=dt.timedelta(hours=1)):
            time.sleep(0.1)  # the worker has it in hand
    return found
