# SPDX-License-Identifier: Apache-2.0
"""Templates of licences: hand in, review, hang up; the download area; how one looks."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.licences import public as licences
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.definitions import DefinitionErrors
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

from .named import (
    DEPARTMENT,
    Refused,
    add_error,
    as_file,
    done,
    is_bureau,
    material_name,
    org_name,
    own_orgs,
    sent,
)

_READERS = (*DEPARTMENT, Role.AUDITOR)
_MOST = 1_000_000  # bytes that are read at all; the room's own limit is far lower


class HandInForm(forms.Form):
    """A template to hand in."""

    use_required_attribute = False
    org = forms.ChoiceField(label="报送单位", error_messages={"required": "请选择单位。"})
    level = forms.ChoiceField(label="哪一级的模板", choices=[("city", "本市"), ("province", "全省统一")])
    file = forms.FileField(
        label="模板文件",
        help_text="YAML 文件，一个文件一个模板；可以先下载现行的，照着改",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请核对。"},
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )


@access(roles=_READERS)
@require_http_methods(["GET", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The versions an officer may see, and the download area; a new one is handed in here."""
    types = licences.licence_types()
    orgs = own_orgs(request.actor, {org for one in types for org in one.issuers})
    form = HandInForm(*sent(request), initial={"level": "city"})
    form.fields["org"].choices = orgs  # type: ignore[attr-defined]
    if not is_bureau(request.actor):
        form.fields["level"].choices = [("city", "本市")]  # type: ignore[attr-defined]
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _hand_in(request, form)
            except DefinitionErrors as error:
                problems = [str(problem) for problem in error.problems]
                form.add_error("file", f"模板有 {len(problems)} 处要改，见下面的清单。")
            except YiwangError as error:
                status = add_error(form, error)
    context = {
        "form": form,
        "problems": problems,
        "versions": [_row(one) for one in licences.templates_seen_by(request.actor)],
        "downloads": [_row(one) for one in licences.downloads()],
        "types": types,
        "may_hand_in": bool(orgs),
    }
    return render(request, "desks/console/licence_templates.html", context, status=status)


def _row(view: licences.TemplateView) -> dict[str, object]:
    return {"one": view, "type": material_name(view.material), "org": org_name(view.org)}


def _hand_in(request: RequestWithActor, form: HandInForm) -> HttpResponseBase:
    given = form.cleaned_data
    version = licences.hand_in_template(
        request.actor,
        org=given["org"],
        raw=given["file"].read(_MOST),
        file=given["file"].name[-80:],
        level=licences.TemplateLevel(given["level"]),
    )
    messages.success(request, "模板已报送，检查没有问题，等数据管理部门审核。")
    return redirect("console-template", version)


@access(roles=_READERS)
@require_GET
def one(request: RequestWithActor, version: str) -> HttpResponseBase:
    """One version: where it stands, what may be done."""
    return _one(request, version)


def _one(request: RequestWithActor, version: str, refused: Refused | None = None) -> HttpResponseBase:
    view = licences.template_view(request.actor, version)
    context = _row(view) | {
        "text": licences.template_text(request.actor, version),
        "is_bureau": is_bureau(request.actor),
        "own": view.handed_in_by == request.actor.id,
        "refused": refused,
    }
    status = refused.status if refused else 200
    return render(request, "desks/console/licence_template.html", context, status=status)


@access(roles=_READERS)
@require_GET
def download(request: RequestWithActor, version: str) -> HttpResponseBase:
    """The file of a version."""
    text = licences.template_text(request.actor, version)
    answer = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    return as_file(answer, f"证照模板-{version}.yaml")


@access(roles=_READERS)
@require_GET
def sample(request: RequestWithActor, version: str) -> HttpResponseBase:
    """How a licence of this version looks, with made-up content and no seal."""
    pdf = licences.draw_template_sample(request.actor, version)
    return as_file(HttpResponse(pdf, content_type="application/pdf"), f"样张-{version}.pdf")


@access(roles=(Role.DATA,))
@require_POST
def review(request: RequestWithActor, version: str) -> HttpResponseBase:
    """Approve a version or send it back."""
    approve, words = request.POST.get("verdict") == "approve", request.POST.get("words", "")
    return done(
        request,
        lambda: licences.review_template(request.actor, version, approve=approve, words=words),
        "审核通过，可以挂载了。" if approve else "已退回报送单位。",
        to=("console-template", version),
        again=lambda error: _one(request, version, Refused("review", words, error)),
    )


@access(roles=(Role.DATA,))
@require_POST
def publish(request: RequestWithActor, version: str) -> HttpResponseBase:
    """Hang an approved version up for download: new licences are drawn with it."""
    return done(
        request,
        lambda: licences.publish_template(request.actor, version),
        "已挂载到下载专区。新发的证照从今天起用这一版，已经发出的不变。",
        to=("console-template", version),
    )
