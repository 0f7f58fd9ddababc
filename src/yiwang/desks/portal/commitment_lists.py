# SPDX-License-Identifier: Apache-2.0
"""告知承诺, for everybody: the list in force, the words of notices and letters, the letters made public."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.commitments import public as commitments
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.definitions.kinds.standing_in import Excluded
from yiwang.kernel.errors import NotFound

LIST = "驻政办〔2021〕8号 L761、L769：清单和告知承诺书文本向社会公布"
LETTERS = "驻政办〔2021〕8号 L787：承诺书向社会公开，接受监督"


@access(public=True, why=LIST)
@require_safe
def lists(request: RequestWithActor) -> HttpResponse:
    """The list in force, department by department; what the counties have published."""
    counties = commitments.county_lists()
    page = {"lists": commitments.lists_in_force(), "counties": counties, "excluded": list(Excluded)}
    return render(request, "desks/portal/commitment_lists.html", page)


@access(public=True, why=LIST)
@require_safe
def text(request: RequestWithActor, item: str, material: str) -> HttpResponseBase:
    """The notice and the letter for one proof of one item, to read and to take along; the list where there is
    none."""
    known = current().catalogue
    if item not in known.items or material not in known.materials:
        raise NotFound("没有这个事项或者这份材料。", mend="请从告知承诺清单中选择。")
    found = commitments.commitment_text(known, material, [item])
    if found is None:
        return redirect("portal:commitment_lists")
    page = {"text": found, "item": known.items[item], "digest": found.version}
    return render(request, "desks/portal/commitment_text.html", page)


@access(public=True, why=LETTERS)
@require_safe
def letters(request: RequestWithActor) -> HttpResponse:
    """The letters that are public today; only one item's, if one is named."""
    known, item = current().catalogue.items, request.GET.get("item", "")
    chosen = known.get(item)
    page = {
        "letters": commitments.shown_letters(item=chosen.id if chosen else ""),
        "chosen": chosen,
        "phone": chosen.complaint_phone if chosen else "12345",
    }
    return render(request, "desks/portal/commitment_letters.html", page)
