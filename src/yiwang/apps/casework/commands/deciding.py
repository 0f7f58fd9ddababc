# SPDX-License-Identifier: Apache-2.0
"""Deciding: grant with results, refuse with reason and remedy, send back, terminate."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from yiwang.apps.licences.public import NewLicence, issue
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.planning import AnswerSource
from yiwang.engines.process.kinds import Need
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid

from ..domain.numbers import series_of
from ..domain.results import results_of, stated, valid_until
from ..models import Decision, ItemCase
from ._context import Context, lock_case
from ._credit import record_permit, require_no_bar
from ._grounds import require_grounds
from ._keeping import keep_commitments, keep_for_later
from ._moving import move
from ._numbering import take_number
from ._promises import record_kept_promises
from ._settling import as_system, settle


@transaction.atomic
def grant(
    actor: Actor,
    case_id: str,
    *,
    opinion: str,
    states: Mapping[str, object] | None = None,
    version: int | None = None,
) -> list[str]:
    """准予: decide, make the results at once, let the items go on that waited for them.

    Args:
        states: what the result states for the first time, by element id (a new code, a number).

    Returns the public ids of the licences and results issued.

    Raises:
        Invalid: a value in `states` is wrong.
        Conflict: the item was decided by somebody else first, a finding or a piece of evidence does
            not stand, a promised document did not come, a credit record bars it, or a number is taken.
    """
    context, case = lock_case(actor, case_id, version=version)
    require_grounds(context, case)
    require_no_bar(context, case)
    move(context, case, "grant", words=opinion, given={Need.OPINION} if opinion.strip() else set())
    results = _issue_results(context, case, states or {})
    Decision.objects.create(
        item_case=case,
        granted=True,
        reason=opinion,
        results=results,
        at=context.now,
        by=actor.id,
        by_name=actor.name,
    )
    keep_for_later(context, case, results)
    keep_commitments(context, case, results)
    record_permit(context, case, results)
    record_kept_promises(context, case)
    move(as_system(context), case, "make_result", given={Need.RESULT})
    name = context.definition(case).name
    context.tell_applicant(
        f"“{name}”已办成", "结果已生成，全部事项办完后统一交给您，也可以在“我的办件”中先看。"
    )
    settle(context, case)
    return results


@transaction.atomic
def refuse(actor: Actor, case_id: str, *, reason: str, basis: str, version: int | None = None) -> None:
    """不予许可, with reason, basis and remedy (行政许可法第三十八条第二款).

    Raises Invalid without a reason or basis.
    """
    context, case = lock_case(actor, case_id, version=version)
    if not reason.strip() or not basis.strip():
        raise Invalid("不予许可要写明理由和依据。", mend="请写清楚哪一条不符合、依据哪一条规定。")
    given = {Need.REASON, Need.BASIS, Need.REMEDY}
    move(context, case, "refuse", words=f"{reason}（依据：{basis}）", given=given)
    Decision.objects.create(
        item_case=case,
        granted=False,
        reason=f"{reason}（依据：{basis}）",
        remedy=context.remedy(),
        at=context.now,
        by=actor.id,
        by_name=actor.name,
    )
    move(as_system(context), case, "make_result", given={Need.RESULT})
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”没有通过", f"理由：{reason}。依据：{basis}。{context.remedy()}")
    settle(context, case)


@transaction.atomic
def send_back(actor: Actor, case_id: str, *, reason: str, version: int | None = None) -> None:
    """退回重新审核: the approver says what to look at again."""
    context, case = lock_case(actor, case_id, version=version)
    move(context, case, "send_back", words=reason, given={Need.REASON} if reason.strip() else set())


@transaction.atomic
def terminate(actor: Actor, case_id: str, *, reason: str, basis: str, version: int | None = None) -> None:
    """终止办理: handling has lost its meaning; with reason, basis and remedy."""
    context, case = lock_case(actor, case_id, version=version)
    given = {need for need, words in ((Need.REASON, reason), (Need.BASIS, basis)) if words.strip()}
    move(context, case, "terminate", words=f"{reason}（依据：{basis}）", given=given | {Need.REMEDY})
    name = context.definition(case).name
    context.tell_applicant(f"“{name}”终止办理", f"理由：{reason}。依据：{basis}。{context.remedy()}")
    settle(context, case)


def _issue_results(context: Context, case: ItemCase, given: Mapping[str, object]) -> list[str]:
    """Issue what the item produces; what it states for the first time flows into the one form,
    and the documents of later items point at it."""
    item, application = context.definition(case), context.application
    catalogue = context.release.catalogue
    known = {**application.answers, **application.form}
    issued = []
    for material in results_of(catalogue, item, known):
        fields = stated(catalogue, material, known, given)
        _require_awaited(context, material, fields)
        licence = NewLicence(
            material=material.id,
            number=_number_of(context, case, material, {k: v for k, v in fields.items() if k not in known}),
            holder=application.subject,
            issuer=material.issuer or item.org,
            valid_from=context.today,
            valid_until=valid_until(material, context.today),
            fields=fields,
            case=case.public_id,
            place=case.place,
        )
        public_id = _issue(context, licence, material)
        known |= fields
        issued.append(public_id)
        application.documents.filter(material=material.id, evidence="").update(
            evidence=public_id, updated_at=context.now
        )
    application.form = {
        **application.form,
        **{k: v for k, v in known.items() if k not in application.answers},
    }
    application.save(update_fields=["form"])
    return issued


def _issue(context: Context, licence: NewLicence, material: Material) -> str:
    try:
        with transaction.atomic():
            return issue(context.actor, licence, stream=f"case:{context.application.public_id}")
    except IntegrityError:
        raise Conflict(f"“{material.name}”的号码已经用过。", mend="请核对填写的代码或编号。") from None


def _require_awaited(context: Context, material: Material, fields: Mapping[str, object]) -> None:
    """Refuse a result that leaves out what a later item of this application waits for."""
    plan = context.application.plan or {}
    asked = plan.get("form", {}).get("fields", ())
    awaited = {one["element"] for one in asked if one["source"] == AnswerSource.EARLIER_STEP.value}
    for field in material.fields:
        if field.element in awaited and field.element not in fields:
            raise Invalid(
                f"“{material.name}”上的“{field.label}”还没有填。",
                mend="后面的事项要用它，请填写后再决定。",
                field=field.element,
            )


def _number_of(context: Context, case: ItemCase, material: Material, fresh: Mapping[str, object]) -> str:
    """The licence's number: a code given out with it (统一社会信用代码), else one of our series.

    A code that was known before (it is printed on many licences) is not this licence's number.
    """
    elements = context.release.catalogue.elements
    for field in material.fields:
        if elements[field.element].type is ElementType.USCC and fresh.get(field.element):
            return str(fresh[field.element])
    series = series_of(context.release.catalogue.places[case.place].code or case.place, context.today)
    return f"{series}-{take_number(f'{material.id}:{series}'):05d}"
