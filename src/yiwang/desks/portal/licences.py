# SPDX-License-Identifier: Apache-2.0
"""A holder's licences (我的证照): how each stands, what happened to it, its files to download."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import firms_of
from yiwang.apps.licences.public import (
    FORMS,
    MEDIA_TYPES,
    LicenceView,
    hand_out,
    held_by,
    history,
    licence_for,
    status_url,
)
from yiwang.apps.presentment.public import call_up
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.definitions.spoken import spoken
from yiwang.kernel.actor import Matter
from yiwang.kernel.errors import NotFound


@dataclass(frozen=True)
class Held:
    """A licence in the list."""

    one: LicenceView
    name: str
    whose: str
    issuer: str

    @property
    def usable(self) -> bool:
        """Whether it proves something today."""
        return self.one.word == "有效"


@access(person=True)
@require_safe
def licences(request: RequestWithActor) -> HttpResponseBase:
    """Every licence of the person and the firms they act for; those that count first."""
    names = {request.actor.id: "本人"} | {
        firm.public_id: firm.name for firm in firms_of(request.actor, Matter.APPLICATIONS)
    }
    held = [_held(one, names) for one in held_by(names)]
    page = {"here": "licences", "held": sorted(held, key=lambda one: not one.usable), "forms": FORMS}
    return render(request, "desks/portal/licences.html", page)


def _held(one: LicenceView, names: dict[str, str]) -> Held:
    catalogue = current().catalogue
    material, issuer = catalogue.materials.get(one.material), catalogue.orgs.get(one.issuer)
    return Held(
        one,
        material.name if material else one.material,
        names.get(one.holder, ""),
        issuer.name if issuer else one.issuer,
    )


def lines_of(one: LicenceView) -> list[tuple[str, str]]:
    """What a licence states, in the order of its definition: (label, words)."""
    catalogue = current().catalogue
    material = catalogue.materials.get(one.material)
    return [
        (field.label, spoken(catalogue, catalogue.elements[field.element], one.fields.get(field.element)))
        for field in (material.fields if material else ())
        if one.fields.get(field.element) not in (None, "")
    ]


@access(person=True)
@never_cache
@require_safe
def licence(request: RequestWithActor, licence: str) -> HttpResponseBase:
    """One licence: what it states, how it stands, what happened to it. The look is journalled."""
    one = call_up(request.actor, licence)
    names = {request.actor.id: "本人"} | {
        firm.public_id: firm.name for firm in firms_of(request.actor, Matter.APPLICATIONS)
    }
    page: dict[str, Any] = {"here": "licences", "held": _held(one, names), "forms": FORMS}
    page |= {"lines": lines_of(one), "events": history(licence), "check_url": status_url(one.check_code)}
    return render(request, "desks/portal/licence.html", page)


@access(person=True)
@never_cache
@require_safe
def licence_file(request: RequestWithActor, licence: str, form: str) -> HttpResponseBase:
    """A sealed file, to be saved; the download stands in the journal."""
    licence_for(request.actor, licence)
    if form not in FORMS:
        raise NotFound("没有这种格式的证照文件。", mend="请从证照页下载 PDF、OFD 或 JSON。")
    return download(*hand_out(request.actor, licence, form), form)


def download(name: str, content: bytes, form: str) -> HttpResponse:
    """A file to be saved under its name."""
    answer = HttpResponse(content, content_type=MEDIA_TYPES[form])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
