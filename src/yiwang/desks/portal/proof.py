# SPDX-License-Identifier: Apache-2.0
"""Proof to the citizen (存证): that an application was handed in as it was, without believing us."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiwang.apps.casework.public import application_view, declaration_of
from yiwang.apps.journal.public import FORM, Pending, check_script, days_so_far, kit_of, proof_of, zipped
from yiwang.apps.seals.public import trust
from yiwang.desks.access import RequestWithActor, access
from yiwang.kernel.dates import format_date
from yiwang.kernel.errors import Conflict


@dataclass(frozen=True)
class ProofState:
    """Whether the proof of an application can be had, and if not, when. `day`: under whose root it comes."""

    ready: bool
    day: dt.date
    words: str


def state_of(found: object) -> ProofState:
    """What the receipt says of its proof."""
    if not isinstance(found, Pending):
        day: dt.date = found.day  # type: ignore[attr-defined]
        return ProofState(True, day, f"已经写进{format_date(day)}的日根，日根已经签章。")
    if found.rooted:
        words = f"已经写进{format_date(found.day)}的日根，日根还在等签章；签好以后就能在这里下载。"
    else:
        after = found.day + dt.timedelta(days=1)
        words = f"日志每天封一次。最早{format_date(after)}就能在这里下载。"
    return ProofState(False, found.day, words)


def receipt_parts(request: RequestWithActor, application: str) -> dict[str, object]:
    """What the receipt tells its applicant of the proof, and of signing by hand. Raises NotFound."""
    declared = declaration_of(request.actor, application)
    return {"proof": state_of(proof_of(declared.entry)), "by_hand": declared.signed_how == "paper"}


@access(person=True)
@require_safe
def proof(request: RequestWithActor, application: str) -> HttpResponseBase:
    """The proof of a receipt, as one ZIP; while there is none, the receipt says when there will be."""
    if application_view(request.actor, application).row.submitted_at is None:
        return redirect("portal:application", application)
    declared = declaration_of(request.actor, application)
    found = proof_of(declared.entry)
    if isinstance(found, Pending):
        return redirect("portal:receipt", application)
    content = zipped(kit_of(found, {FORM: declared.form}), "proof")
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="proof-{found.day.isoformat()}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


@access(public=True, why="怎样核对存证，和公布的发证机构证书：都是要让大家看到的")
@require_safe
def proof_guide(request: RequestWithActor) -> HttpResponseBase:
    """How anybody checks a proof, with every command."""
    page = {"script": check_script(), "days": days_so_far(), "has_root": bool(trust().anchors)}
    return render(request, "desks/portal/proof.html", page)


@access(public=True, why="公布的发证机构证书：核对存证和签章都以它为准")
@require_safe
def root_pem(request: RequestWithActor) -> HttpResponseBase:
    """The certificates of the authorities we believe, as one PEM file."""
    believed = trust()
    if not believed.anchors:
        raise Conflict("还没有公布发证机构证书。", mend="请过几天再来，或拨打12345。")
    content = b"".join(one.pem() for one in (*believed.anchors, *believed.intermediates))
    answer = HttpResponse(content, content_type="application/x-pem-file")
    answer["Content-Disposition"] = 'attachment; filename="root.pem"'
    return answer
