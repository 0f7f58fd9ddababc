# SPDX-License-Identifier: Apache-2.0
"""Materials, licences and resources tied together, read from the material's side (材料、证照、数据对应表)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.engines.definitions.kinds.materials import MaterialKind

_KINDS = {
    MaterialKind.LICENCE: "证照",
    MaterialKind.RESULT: "办理结果",
    MaterialKind.PROOF: "证明",
}
"""The papers the government makes: others nobody's data can stand for."""


@dataclass(frozen=True)
class Line:
    """A paper: what sort, which items make it, how many ask for it, which resources stand for it."""

    name: str
    kind: str
    made_by: tuple[str, ...]
    asked: int
    resources: tuple[tuple[str, str], ...]


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """Every paper the government makes and items ask for; with `open`, those no data stands for yet."""
    only_open = request.GET.get("open") == "1"
    lines = _lines()
    shown = [line for line in lines if not (only_open and line.resources)]
    covered = sum(bool(line.resources) for line in lines)
    context = {"lines": shown, "total": len(lines), "covered": covered, "only_open": only_open}
    return render(request, "desks/data/links.html", context)


def _lines() -> list[Line]:
    catalogue, links = current().catalogue, exchange.links()
    names = {one.id: one.resource.name for one in exchange.resources()}
    found = []
    for link in links.materials.values():
        material = catalogue.materials[link.material]
        if material.kind in _KINDS and link.asked_by:
            makers = tuple(catalogue.items[item].name for item in link.issued_by)
            standing = tuple((one, names[one]) for one in link.resources if one in names)
            found.append(Line(material.name, _KINDS[material.kind], makers, len(link.asked_by), standing))
    return sorted(found, key=lambda line: (-line.asked, line.name))
