# SPDX-License-Identifier: Apache-2.0
"""Credit inside a case (逢办必查): each item is checked when it is handed in and before it is granted; what
is granted as a permit becomes a record of public credit."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.apps.credit import public as credit
from yiwang.apps.licences.public import licences
from yiwang.engines.definitions.citing import cite_words
from yiwang.engines.definitions.kinds.items import ItemKind
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict

from ..models import ItemCase
from ._context import Context

CHECKER, COLLECTOR = system("信用核查"), system("信用归集")
PERMITS = "credit-permit"


def check_items(context: Context, items: Sequence[str]) -> None:
    """At submission: check each item and keep the answers, which stand on the officers' pages."""
    application = context.application
    credit.check(CHECKER, application.subject, items=items, case=application.public_id, on=context.today)


def require_no_bar(context: Context, case: ItemCase) -> None:
    """Before a grant: check again. Raises Conflict naming each record that bars the item, and its basis."""
    application = context.application
    [found] = credit.check(
        context.actor, application.subject, items=[case.item], case=application.public_id, on=context.today
    )
    if not found.bars:
        return
    says = "；".join(
        f"{one.measure}（记录 {one.record}，{one.since:%Y年%m月%d日}起"
        f"{f'至{one.until:%Y年%m月%d日}' if one.until else ''}，依据{one.basis}）"
        for one in found.bars
    )
    raise Conflict(f"公共信用限制这一项，不能准予：{says}。", mend="请作出不予许可的决定，并写明这条依据。")


def record_permit(context: Context, case: ItemCase, results: Sequence[str]) -> None:
    """A granted permit (行政许可) is collected and made public the moment it is decided."""
    item, catalogue = context.definition(case), context.release.catalogue
    if item.kind is not ItemKind.LICENSING or not credit.knows_entry(PERMITS):
        return
    issued = licences(results)
    fields = {"许可内容": item.name, "事项": item.id}
    if issued:
        fields |= {"许可证书名称": item.short_name or item.name, "许可编号": issued[0].number}
    ends = [one.valid_until for one in issued]
    new = credit.NewRecord(
        catalogue=PERMITS, subject=context.application.subject, title=f"准予{item.name}",
        basis="；".join(cite_words(catalogue, one) for one in item.basis) or item.name,
        happened_on=context.today, decided_on=context.today, org=case.org, fields=fields,
        case=context.application.public_id, reference=f"{context.application.number}-{item.id}"[:120],
        item=item.id, until=min((day for day in ends if day is not None), default=None),
    )  # fmt: skip
    credit.record(COLLECTOR, new, now=context.now)
