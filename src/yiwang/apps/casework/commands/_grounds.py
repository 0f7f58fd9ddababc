# SPDX-License-Identifier: Apache-2.0
"""What must stand before an item is granted: its finding, its evidence, its promised documents.

Unknown, missing, expired or revoked evidence never passes as valid. A refusal needs none of this.
"""

from __future__ import annotations

from django.utils import timezone

from yiwang.apps.commitments.public import require_standing
from yiwang.apps.licences.public import licences
from yiwang.apps.materials.public import stands
from yiwang.engines.planning import Supply
from yiwang.engines.planning.conditions import Judge
from yiwang.kernel.errors import Conflict

from ..domain import settings
from ..domain.values import from_json
from ..models import Document, Finding, ItemCase
from ._context import Context

_FROM_RECORD = (Supply.E_LICENCE.value, Supply.EARLIER_STEP.value)


def require_grounds(context: Context, case: ItemCase) -> None:
    """Raise Conflict, saying what does not stand and what to do, unless the item may be granted."""
    finding = Finding.objects.filter(item_case=case).first()
    if finding is not None and finding.passed is False:
        raise Conflict("现场踏勘没有合格，不能准予。", mend="整改后请重新踏勘，或者作出不予通过的决定。")
    rows = _needed(context, case)
    _require_promises(context, rows)
    _require_letters(context, rows)
    _require_evidence(context, rows)


def _needed(context: Context, case: ItemCase) -> list[Document]:
    """The documents the item cannot do without in this case."""
    catalogue, application = context.release.catalogue, context.application
    judge = Judge(catalogue, from_json(catalogue, {**application.answers, **application.form}))
    uses = context.definition(case).materials
    wanted = [use.material for use in uses if use.required and judge.holds(use.when) is True]
    return list(application.documents.filter(material__in=wanted).order_by("id"))


def _require_promises(context: Context, rows: list[Document]) -> None:
    stops = settings.setting(context.release.catalogue, settings.LAPSED_PROMISE_STOPS_GRANT) is True
    for row in rows:
        if stops and row.deferred and row.due_on is not None and row.due_on < context.today:
            raise Conflict(
                f"承诺后补的“{_name(context, row)}”到期没有补交，不能准予。",
                mend="请等申请人补交，或者作出不予通过的决定。",
            )


def _require_letters(context: Context, rows: list[Document]) -> None:
    """A commitment must still stand; what is asked for instead of a withdrawn or untrue one must be there."""
    for row in rows:
        if row.letter and row.resolution == Supply.APPLICANT.value and not row.files:
            raise Conflict(
                f"申请人撤回了承诺，或者承诺查实不实，“{_name(context, row)}”还没有补交，不能准予。",
                mend="请等申请人补交，或者作出不予通过的决定。",
            )
    require_standing(row.letter for row in rows if row.resolution == Supply.COMMITMENT.value)


def _require_evidence(context: Context, rows: list[Document]) -> None:
    known = {one.public_id: one for one in licences([row.evidence for row in rows if row.evidence])}
    for row in rows:
        if row.resolution == Supply.E_MATERIAL.value and not row.files:
            _require_kept(context, row)
        if row.files or row.resolution not in _FROM_RECORD:
            continue
        licence = known.get(row.evidence)
        if licence is None:
            raise Conflict(f"缺少“{_name(context, row)}”，不能准予。", mend="请核对前一事项的结果。")
        if not licence.usable_on(context.today):
            raise Conflict(
                f"“{_name(context, row)}”已经失效（{licence.standing.term}），不能准予。",
                mend="请核实证照现状；不符合条件的，作出不予通过的决定。",
            )


def _require_kept(context: Context, row: Document) -> None:
    """An e-material must be whole, not withdrawn, and have been in time when it was handed in."""
    submitted = context.application.submitted_at or context.now
    if not stands(row.evidence, on=timezone.localdate(submitted)):
        raise Conflict(
            f"“{_name(context, row)}”用的是以前的材料，现在已经停用或损坏，不能准予。",
            mend="请一次性告知申请人重新提交这份材料；不符合条件的，作出不予通过的决定。",
        )


def _name(context: Context, row: Document) -> str:
    return context.release.catalogue.materials[row.material].name
