# SPDX-License-Identifier: Apache-2.0
"""The one set of documents: upload, take off again, promise for later; and the files themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.messages import success
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.apps.casework.public import (
    CommitmentText,
    DraftView,
    application_view,
    attach_file,
    authorise_commitment,
    detach_file,
    draft_view,
    hand_in_myself,
    promise_later,
    sign_commitment,
    take_back,
)
from yiwang.apps.commitments.public import authority_words
from yiwang.apps.materials.public import StoredFile, content_of
from yiwang.desks.access import CLERKS, RequestWithActor, access
from yiwang.desks.middleware import tell
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.planning import MaterialLine, Supply
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

from .drafts import draft_page, missing_of, ordered, page_of, redirect_to
from .shared_data import sharing_of

_TYPES = {"pdf": "application/pdf,.pdf", "jpg": "image/jpeg", "png": "image/png", "ofd": ".ofd"}
_FILES_AT_ONCE = 20
_REFUSED = "refused_files"


@dataclass(frozen=True)
class Wanted:
    """A document on the page: what is asked for, what has been handed in."""

    material: str
    name: str
    reason: str
    hints: Sequence[str]
    accept: str
    optional: bool
    files: Sequence[StoredFile]
    may_come_later: bool
    promised: bool
    signed: bool
    text: CommitmentText | None
    own_way: bool
    error: str
    authority: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing more is needed for it."""
        return bool(self.files) or self.promised or self.signed


def wanted_of(draft: DraftView, problems: Mapping[str, str]) -> list[Wanted]:
    """What the applicant has to hand in, now or later."""
    lines = [line for line in draft.plan.materials.lines if line.resolution.submitted]
    return [_wanted(draft, line, problems) for line in lines]


def committed_of(draft: DraftView, problems: Mapping[str, str]) -> list[Wanted]:
    """What a signed commitment may stand for (告知承诺); whoever prefers hands the document in."""
    lines = [line for line in draft.plan.materials.lines if line.resolution is Supply.COMMITMENT]
    return [_wanted(draft, line, problems) for line in lines]


_LOOKED_UP = (Supply.E_LICENCE, Supply.SHARED_DATA, Supply.E_MATERIAL)


@dataclass(frozen=True)
class Spared:
    """A document nobody has to hand in. `may_choose`: the paper way is open instead; `e_material`: the
    document of an earlier case that stands for it."""

    line: MaterialLine
    may_choose: bool
    e_material: str


def spared_of(draft: DraftView) -> list[Spared]:
    """What nobody has to hand in."""
    return [
        Spared(
            line,
            line.resolution in _LOOKED_UP,
            draft.found.get(line.material, "") if line.resolution is Supply.E_MATERIAL else "",
        )
        for line in draft.plan.materials.lines
        if not line.resolution.submitted and line.resolution is not Supply.COMMITMENT
    ]


def _wanted(draft: DraftView, line: MaterialLine, problems: Mapping[str, str]) -> Wanted:
    material = draft.release.catalogue.materials[line.material]
    held = draft.documents.get(line.material)
    return Wanted(
        material=line.material,
        name=line.name,
        reason=line.reason,
        hints=hints_of(material, line.review_points),
        accept=accept_of(material),
        optional=not line.required or line.conditional,
        files=held.files if held else (),
        may_come_later=line.resolution is Supply.DEFERRED,
        promised=bool(held and held.deferred) and line.resolution is Supply.DEFERRED,
        signed=bool(held and held.letter),
        text=draft.commitments.get(line.material),
        own_way=bool(held and held.own_way),
        error=problems.get(line.material, ""),
        authority=_authority(draft, draft.commitments.get(line.material)),
    )


def _authority(draft: DraftView, text: CommitmentText | None) -> str:
    """The letter by which the applicant would let the agent commit (特别授权书); empty where nobody may."""
    if text is None or not text.agent_may or draft.agent.public_id == draft.applicant.public_id:
        return ""
    return authority_words(draft.applicant.name, draft.agent.name, text, timezone.localdate())


def hints_of(material: Material, points: Sequence[str] = ()) -> list[str]:
    """How to prepare a document, and what kinds of file are welcome."""
    found = [one for one in (material.form, material.sample) if one]
    found += [f"会看：{'；'.join(points)}"] if points else []
    kinds = "、".join(kind.upper() for kind in material.accepts)
    return [*found, f"可以拍照上传。文件类型：{kinds}，每个不超过{material.max_megabytes}MB。"]


def accept_of(material: Material) -> str:
    """The `accept` of a file input."""
    return ",".join(_TYPES[kind] for kind in material.accepts if kind in _TYPES)


@draft_page("GET", "HEAD", "POST")
def documents(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """Show what to hand in; take every chosen file, then do what the pressed button says."""
    if request.method == "POST":
        return _take(request, draft)
    missing = missing_of(draft)["documents"] if "check" in request.GET else {}
    problems = missing | recall_refusals(request, draft.row.id)
    wanted, committed = wanted_of(draft, problems), committed_of(draft, problems)
    page = page_of(
        draft,
        "documents",
        wanted=wanted,
        committed=committed,
        spared=spared_of(draft),
        no_commitment=draft.no_commitment,
        no_deferral=draft.no_deferral,
        may_authorise=request.actor.id != draft.agent.public_id
        and (draft.applicant.kind == "firm" or request.actor.id == draft.applicant.public_id),
        sharing=sharing_of(request.actor, draft),
        problems=ordered(problems, [one.material for one in [*wanted, *committed]]),
    )
    return render(request, "desks/portal/documents.html", page)


def _take(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    here = draft.row.id
    asked = [one.material for one in [*wanted_of(draft, {}), *committed_of(draft, {})]]
    refused = take_files(request, here, draft.release.catalogue.materials, asked)
    _choose(request, here)
    if refused:
        return redirect_to("portal:documents", here, "#problems")
    if "later" in request.POST:
        success(request, "已经保存。什么时候接着办都行，传好的不用再传。")
        return redirect("portal:applications")
    if "next" not in request.POST:
        return redirect("portal:documents", here)
    if missing_of(draft_view(request.actor, here))["documents"]:
        return redirect_to("portal:documents", here, "?check=1#problems")
    return redirect("portal:delivery", here)


def _choose(request: RequestWithActor, here: str) -> None:
    """Do what the pressed button says of one document; what does not fit any more is told."""
    try:
        remove_file(request, here)
        if material := request.POST.get("promise", ""):
            promise_later(request.actor, here, material)
        if signed := request.POST.get("sign", ""):
            material, _, version = signed.partition("/")
            sign_commitment(request.actor, here, material, version=version)
        if material := request.POST.get("authorise", ""):
            authorise_commitment(request.actor, here, material)
            success(request, "已授权经办人代为承诺这一项。")
        if material := request.POST.get("own_way", ""):
            hand_in_myself(request.actor, here, material)
        if material := request.POST.get("take_back", ""):
            take_back(request.actor, here, material)
    except (Conflict, Invalid, NotAllowed) as problem:
        tell(request, problem)


def remove_file(request: RequestWithActor, application: str) -> None:
    """Take a file off again, if that button was pressed."""
    if removed := request.POST.get("remove", ""):
        material, _, file_id = removed.partition("/")
        detach_file(request.actor, application, material, file_id)


def recall_refusals(request: RequestWithActor, application: str) -> dict[str, str]:
    """Files refused by the last upload to this application, told once."""
    told: dict[str, dict[str, str]] = request.session.pop(_REFUSED, {})
    return told.get(application, {})


def take_files(
    request: RequestWithActor, application: str, materials: Mapping[str, Material], asked: Sequence[str]
) -> dict[str, str]:
    """Attach every chosen file; what is refused is told by document on the next page, and returned."""
    problems: dict[str, str] = {}
    for material_id in asked:
        for upload in request.FILES.getlist(material_id)[:_FILES_AT_ONCE]:
            if words := _attach(request, application, materials[material_id], upload):
                problems[material_id] = words
    if problems:
        request.session[_REFUSED] = {application: problems}
    return problems


def _attach(request: RequestWithActor, application: str, material: Material, upload: UploadedFile) -> str:
    """Attach one file; returns why it was refused, or nothing."""
    if upload.size and upload.size > material.max_megabytes * 1_000_000 * 1.1:
        limit = material.max_megabytes
        return f"“{material.name}”：文件“{upload.name}”超过{limit}MB。请压缩或重新拍照后再传。"
    try:
        attach_file(request.actor, application, material.id, name=upload.name or "", content=upload.read())
    except YiwangError as refused:
        return f"“{material.name}”：{refused}"
    return ""


@access(person=True, roles=CLERKS)
@require_safe
def file(request: RequestWithActor, application: str, file: str) -> HttpResponseBase:
    """One uploaded file, for whoever may see the application it belongs to."""
    seen = application_view(request.actor, application)
    held = {one.public_id: one for document in seen.documents for one in document.files}
    if file not in held:
        raise NotFound("没有这个文件。", mend="请刷新页面后重试。")
    name, content = content_of(file)
    answer = HttpResponse(content, content_type=held[file].media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
