# SPDX-License-Identifier: Apache-2.0
"""From passed sheets to the payee's account: what it is owed less what is taken back, in one or two legs.

A payee's row is the lock for making its payments, a payment's for moving it. A line belongs to one payment
at most, so nothing is paid twice whoever runs this how often.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Sum
from django.utils import timezone

from yiwang.apps.catalogue.public import current, release
from yiwang.apps.journal.public import record as write_down
from yiwang.apps.notices.public import notify
from yiwang.engines.benefits import Policy
from yiwang.engines.benefits.calculate import split
from yiwang.kernel.ids import new_public_id
from yiwang.kernel.money import format_fen

from ..bars import BUDGET, CREDIT, bar_on, bar_words, hold, policy_now
from ..domain.sheets import PayoutState, SheetState, period_words
from ..models import Line, Payee, Payment, Payout, Recovery
from .enrolling import COUNTY_TREASURY
from .ordering import CASHIER, Receipt, order_payout


def make_payouts() -> int:
    """Put the lines of passed sheets together, one payment for each payee and county; how many are new."""
    owed = Line.objects.filter(payout=None, sheet__state=SheetState.PASSED.value)
    groups = owed.values_list("sheet__policy", "sheet__place", "record__payee").distinct()
    return sum(
        _make(*group) for group in list(groups.order_by("sheet__policy", "sheet__place", "record__payee"))
    )


@transaction.atomic
def _make(policy: str, place: str, payee: int) -> bool:
    to = Payee.objects.select_for_update().get(pk=payee)
    lines = Line.objects.filter(
        payout=None, sheet__state=SheetState.PASSED.value, sheet__policy=policy, sheet__place=place,
        record__payee=to,
    )  # fmt: skip
    told = lines.aggregate(fen=Sum("fen"), period=Max("sheet__period"))
    fen = told["fen"] or 0
    if fen <= 0:
        return False  # what was given too much is set off when more is owed
    back, now = _offset(to, fen), timezone.now()
    payout = Payout.objects.create(
        public_id=new_public_id("po"), policy=policy, release=current().digest, period=told["period"],
        place=place, payee=to, owed_fen=fen, offset_fen=back, fen=fen - back, ready_at=now, changed_at=now,
        state=(PayoutState.READY if fen > back else PayoutState.OFFSET).value,
    )  # fmt: skip
    Line.objects.filter(pk__in=list(lines.values_list("pk", flat=True))).update(payout=payout)
    note("made", payout, owed=fen, offset=back)
    words = "请先登录填写收款账户，填好后自动拨付。" if to.account is None else "财政拨付后会再告诉您。"
    if payout.fen:
        notify(
            to.subject,
            "一期补贴已经审核通过",
            f"{period_words(payout.period)}应付{format_fen(payout.fen)}。{words}",
            about=payout.public_id,
        )
    return True


def _offset(to: Payee, fen: int) -> int:
    """Keep back what is to be taken back from this payee, the oldest first; how much."""
    kept = 0
    open_ones = Recovery.objects.select_for_update().filter(
        payee=to, approved=True, fen__gt=F("offset_fen") + F("returned_fen")
    )
    for row in open_ones.order_by("id"):
        now = min(fen - kept, row.fen - row.offset_fen - row.returned_fen)
        row.offset_fen, kept = row.offset_fen + now, kept + now
        row.save(update_fields=["offset_fen"])
    return kept


def advance_payouts(on: dt.date, *, most: int = 200) -> int:
    """Order what can be ordered, or say what it waits for; how many were ordered."""
    ready = Payout.objects.filter(state=PayoutState.READY.value, hindered="").exclude(payee__account=None)
    moved = 0
    for pk in list(ready.order_by("id").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            row = ready.select_for_update(of=("self",)).select_related("payee").filter(pk=pk).first()
            moved += row is not None and _advance(row, on)
    return moved


def _advance(row: Payout, on: dt.date) -> bool:
    if treasury_missing(row):
        return False
    policy = policy_now(row.policy)
    if row.served_year is None:
        if barred(row, policy, on):
            return False
        if policy is not None and policy.money is not None and policy.money.budget is not None:
            hold(row, BUDGET, None)
            return False
    order(row, row.fen, on.year)
    return True


def barred(row: Payout, policy: Policy | None, on: dt.date) -> bool:
    """Whether a credit record keeps the payee waiting; it is told once."""
    told = bar_on(policy, row.payee.subject, on)
    if told is None:
        return False
    if hold(row, CREDIT, told):
        note("barred", row, record=told["record"])
        notify(row.payee.subject, "一笔补贴暂缓拨付", bar_words(told), about=row.public_id)
    return True


def treasury_missing(row: Payout) -> bool:
    """Whether the county's treasury, through which it goes, has given no account."""
    return (
        _goes_through(row)
        and not Payee.objects.filter(policy=row.policy, subject=COUNTY_TREASURY + row.place)
        .exclude(account=None)
        .exists()
    )


def _settled(row: Payout) -> Any:
    policy: Any = release(row.release).catalogue.others["policies"][row.policy]
    return policy


def _goes_through(row: Payout) -> bool:
    return bool(_settled(row).settled.through)


def order(row: Payout, fen: int, year: int) -> None:
    """Order the next leg of a payment that the caller has locked; its money is that of `year`."""
    if row.served_year is None:
        row.served_year, row.fen = year, fen
    row.leg = row.leg or (1 if _goes_through(row) and _above(row) else 2)
    row.attempt, row.changed_at = row.attempt + 1, timezone.now()
    row.hindered, row.hindrance = "", None
    if row.leg == 1:
        row.state = PayoutState.FUNDING.value
        to = Payee.objects.get(policy=row.policy, subject=COUNTY_TREASURY + row.place)
    else:
        row.state, to = PayoutState.ORDERED.value, row.payee
    row.save()
    payment = order_payout(row, to, _above(row) if row.leg == 1 else row.fen)
    note("ordered", row, key=payment.key, fen=payment.fen)


def _above(row: Payout) -> int:
    """What those above the county pay of it."""
    policy = _settled(row)
    shares = [(one.who, one.share) for one in policy.money.payers]
    if not shares:
        return 0
    return sum(fen for who, fen in split(row.fen, shares) if who != policy.settled.through)


def settle_payout(payment: Payment, receipt: Receipt) -> None:
    """What the treasury answered about one leg: the next leg is ordered in the same transaction."""
    assert payment.payout_id is not None  # the caller has looked
    row = Payout.objects.select_for_update(of=("self",)).select_related("payee").get(pk=payment.payout_id)
    payment = Payment.objects.select_related("payee").get(pk=payment.pk)
    if payment.paid_at is not None or payment.refused:
        return
    row.changed_at = timezone.now()
    if receipt.refused:
        payment.refused = receipt.refused[:200]
        payment.save()
        _refused(row, payment)
        return
    payment.paid_at, payment.receipt = row.changed_at, receipt.number
    payment.save()
    note("paid", row, key=payment.key, receipt=receipt.number)
    if row.leg == 1:
        row.leg, row.attempt = 2, 0
        if row.payee.account is None:
            row.state = PayoutState.READY.value
            row.save()
            return
        order(row, row.fen, row.changed_at.year)
        return
    row.state = PayoutState.PAID.value
    row.save()
    money = f"{period_words(row.period)}补贴{format_fen(row.fen)}"
    said = f"{money}，财政回执号：{receipt.number}。到账时间以银行为准。"
    notify(row.payee.subject, "一笔补贴已经拨付", said, about=row.public_id)


def _refused(row: Payout, payment: Payment) -> None:
    assert payment.payee is not None
    payment.payee.account = None
    payment.payee.save(update_fields=["account"])
    row.state = PayoutState.READY.value
    row.save()
    note("refused", row, key=payment.key)
    if payment.payee.pk == row.payee_id:
        said = f"财政退回的原因：{payment.refused}。请登录重新填写收款账户。"
        notify(row.payee.subject, "一笔补贴被退回，请重新填写账户", said, about=row.public_id)


def note(what: str, row: Payout, **detail: Any) -> None:
    """One entry in the journal about a payment."""
    write_down(
        CASHIER,
        f"settlement.payout_{what}",
        stream=f"settlement:{row.public_id}",
        about=row.public_id,
        subject=row.payee.subject,
        detail={"policy": row.policy, "period": row.period, **detail},
    )
