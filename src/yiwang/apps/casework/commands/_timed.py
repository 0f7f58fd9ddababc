# SPDX-License-Identifier: Apache-2.0
"""What the timers do to one case or application, under its lock. Each looks again whether there is
something to do, and says whether it did it."""

from __future__ import annotations

from yiwang.engines.process.kinds import Need
from yiwang.kernel.dates import format_date

from ..deadlines import SILENT, correction_until, days_ahead, intake_until, received_on
from ..domain import settings
from ..models import Document, ItemCase
from . import _promises as promises
from ._archive import sealed_since, write_package
from ._context import Context
from ._documents import start_promises
from ._moving import move, set_due
from ._settling import BY_WIRE, ELECTRONIC, as_system, close_if_done, hand_over_results, made_so_far, settle
from .receiving import carry_over, lies_elsewhere


def deem_accepted(context: Context, case: ItemCase) -> bool:
    """Silence counts as acceptance; what still lay with the receiving counter goes to where it is
    handled."""
    until = intake_until(case)
    if case.state not in SILENT or until is None or until >= context.today:
        return False
    if lies_elsewhere(context.application, case):
        carry_over(context, case, context.application.handling_place, "逾期未转，由系统转办理地")
    move(context, case, "deem_accepted", words="逾期未告知补正，自收到之日起视为受理", on=received_on(case))
    start_promises(context)
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”已视为受理", "受理机关没有按时告知补正，依法自收到申请之日起视为受理。")
    return True


def remind_correction(context: Context, case: ItemCase) -> bool:
    """Remind the applicant once of what has to be put right."""
    if case.state != "correction_asked" or case.correction.reminded_at is not None:
        return False
    case.correction.reminded_at = context.now
    case.correction.save(update_fields=["reminded_at"])
    until = format_date(correction_until(case.correction, context.release))
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”补正快到期了", f"请在{until}前补正；到期没有补正，办理就会终止。")
    return True


def lapse_correction(context: Context, case: ItemCase) -> bool:
    """Nothing was put right in time: the item ends; the applicant may apply again."""
    over = case.state == "correction_asked" and (
        correction_until(case.correction, context.release) < context.today
    )
    if not over:
        return False
    move(context, case, "lapse", words="到期没有补正", given={Need.REASON})
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”已终止", "到期没有补正，办理终止。您可以重新申请，已填的内容可以再用。")
    settle(context, case)
    return True


def recompute(context: Context, case: ItemCase) -> bool:
    """Count the due days again, by today's calendar; a day that moved is journaled."""
    before = case.due_on
    set_due(context, case)
    case.save(
        update_fields=["due_on", "provisional", "calendar_version", "yellow_on", "red_on", "deliver_by"]
    )
    if case.due_on != before:
        context.note(
            "item.due.recomputed",
            about=case.public_id,
            detail={"before": str(before), "after": str(case.due_on), "calendar": case.calendar_version},
        )
    for row in context.application.documents.filter(deferred=True):
        promises.follow_calendar(context, row)
    return True


def remind_promises(context: Context) -> bool:
    """Remind the applicant once of documents promised for later (容缺)."""
    last = days_ahead(context.release, settings.PROMISE_REMINDER, context.today)
    told = False
    for row in _promised(context):
        if row.reminded_at is not None or row.due_on is None or row.due_on > last:
            continue
        row.reminded_at, told = context.now, True
        row.save(update_fields=["reminded_at"])
        name = context.release.catalogue.materials[row.material].name
        context.tell_applicant("承诺后补的材料快到期了", f"请在{format_date(row.due_on)}前补交“{name}”。")
    return told


def _promised(context: Context) -> list[Document]:
    """Promised documents that have not come and still matter: some item that needs them goes on, or
    was granted."""
    open_rows = context.application.documents.filter(deferred=True, lapsed_at=None)
    waiting = promises.waiting_for(context)
    return [row for row in open_rows if row.material in waiting]


def press_delivery(context: Context) -> bool:
    """Results must be handed over within the law's days although other items go on: electronically
    that is done now; else the applicant is asked to fetch them or have them posted."""
    ready = [case for case in made_so_far(context.application) if case.called_at is None]
    if not ready:
        return False
    if context.application.delivery == ELECTRONIC:
        hand_over_results(as_system(context), ready, BY_WIRE)
        close_if_done(as_system(context))
        return True
    for case in ready:
        case.called_at = context.now
        case.save(update_fields=["called_at"])
    names = "、".join(f"“{context.definition(case).name}”" for case in ready)
    context.tell_applicant(
        "结果可以先领取", f"{names}的结果已做好，不用等其他事项：可以先到窗口领取，邮寄的会先寄出。"
    )
    return True


def archive(context: Context) -> bool:
    """Write the archive package of a closed application; again once its results are sealed."""
    if not (context.application.archive_due or sealed_since(context.application)):
        return False
    write_package(context)
    return True
