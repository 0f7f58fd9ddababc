# SPDX-License-Identifier: Apache-2.0
"""The gate for government IT projects on the data desk: register, see the opinion, give it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NewProject, ProjectStage, ProjectView
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import ToldForm, as_it_stands, tried
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.engines.definitions.citing import quoted_words
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import Conflict, YiwangError
from yiwang.kernel.money import format_fen

from .requests import ASKS
from .requests_forms import text, whole

_FEN = 100


class ProjectForm(forms.Form):
    """A project, with the questions of the gate in force."""

    use_required_attribute = False
    org = forms.ChoiceField(label="申报部门")
    name = text("项目名称", "写全称", longest=200)
    stage = forms.ChoiceField(
        label="申请什么",
        choices=[(one.value, one.term) for one in ProjectStage],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择申请什么。"},
    )
    year = whole("预算年度", 2026)
    yuan = whole("投资金额（元）", 0, least=0)
    summary = text("建设内容", "不要写任何涉密内容", longest=1000, rows=4)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, orgs: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = current()
        field = self.fields["org"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (one, opened.catalogue.orgs[one].name) for one in sorted(orgs) if one in opened.catalogue.orgs
        ]
        self.initial.setdefault("year", timezone.localdate().year)
        self.questions = exchange.gate_of(opened).asks
        for one in self.questions:
            element = opened.catalogue.elements[one]
            self.fields[one] = forms.ChoiceField(
                label=element.question,
                help_text=element.help or "",
                choices=[("yes", "是"), ("no", "否")],
                widget=forms.RadioSelect,
                error_messages={"required": "请选择“是”或“否”。"},
            )

    def project(self) -> NewProject:
        """What was typed, as the exchange takes it."""
        given = self.cleaned_data
        return NewProject(
            name=given["name"],
            org=given["org"],
            stage=ProjectStage(given["stage"]),
            year=given["year"],
            money=given["yuan"] * _FEN,
            summary=given["summary"],
            facts={one: given[one] == "yes" for one in self.questions},
        )


class OpinionForm(ToldForm):
    """Words with an opinion."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = text("说明", "可以不填", needed=False, rows=2)


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The projects of the officer's departments; for the bureau all."""
    may = bool(exchange.asks_for(request.actor))
    rows = exchange.projects(request.actor)
    return render(request, "desks/data/projects.html", {"rows": rows, "may_register": may})


@access(roles=ASKS)
@require_http_methods(["GET", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Register a project."""
    orgs = exchange.asks_for(request.actor)
    if request.method == "GET":
        return _form_page(request, ProjectForm(orgs))
    form = ProjectForm(orgs, request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=400)
    try:
        made = exchange.register_project(request.actor, form.project())
    except YiwangError as error:
        return _refused(request, form, error)
    messages.success(request, "已经登记，等数据管理部门出具意见。")
    return redirect("data-project", made)


@access(roles=ASKS)
@require_http_methods(["GET", "POST"])
def amend(request: RequestWithActor, project: str) -> HttpResponseBase:
    """Change a project before its opinion, or mend one that failed."""
    seen = exchange.project(request.actor, project)
    if not seen.may_amend:
        raise Conflict("这个项目现在不能修改。", mend="请回到项目页，看最新情况。")
    if request.method == "GET":
        return _form_page(request, ProjectForm({seen.org}, initial=_typed(seen)), seen=seen)
    form = ProjectForm({seen.org}, request.POST)
    if not form.is_valid():
        return _form_page(request, form, seen=seen, status=400)
    version = form.cleaned_data["version"] or 0
    try:
        exchange.amend_project(request.actor, project, form.project(), version=version)
    except YiwangError as error:
        return _refused(request, form, error, seen=seen)
    messages.success(request, "已经修改，等数据管理部门出具意见。")
    return redirect("data-project", project)


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, project: str) -> HttpResponseBase:
    """A project: its answers, what the rules say of them, the opinions given."""
    return _page(request, exchange.project(request.actor, project))


@access(roles=(Role.DATA,))
@require_POST
def opinion(request: RequestWithActor, project: str) -> HttpResponseBase:
    """Give the opinion that follows from the rules."""
    form = OpinionForm(request.POST)

    def do() -> str:
        return f"意见已经出具：{exchange.give_opinion(request.actor, project, **form.cleaned_data).term}。"

    said, status = tried(form, do)
    if not said:
        return _page(request, exchange.project(request.actor, project), form=form, status=status)
    messages.success(request, said)
    return redirect("data-project", project)


def _page(
    request: RequestWithActor, seen: ProjectView, *, form: OpinionForm | None = None, status: int = 200
) -> HttpResponseBase:
    form = form or OpinionForm(initial={"version": seen.version})
    as_it_stands(form, seen.version, status)
    lost = form.is_bound and not seen.may_give
    gate = exchange.gate_of(current())
    failed = [(rule, quoted_words(current().catalogue, rule.cite)) for rule in seen.judged.failed]
    money = format_fen(seen.money)
    context = {"seen": seen, "form": form, "gate": gate, "failed": failed, "money": money, "lost": lost}
    return render(request, "desks/data/project.html", context, status=status)


def _refused(
    request: RequestWithActor, form: ProjectForm, error: YiwangError, *, seen: ProjectView | None = None
) -> HttpResponseBase:
    problems = error.problems if isinstance(error, exchange.NotComplete) else [("", str(error))]
    for field, words in problems:
        form.add_error({"money": "yuan"}.get(field, field) or None, words)
    return _form_page(request, form, seen=seen, status=STATUS[error.kind])


def _form_page(
    request: RequestWithActor, form: ProjectForm, *, seen: ProjectView | None = None, status: int = 200
) -> HttpResponseBase:
    return render(request, "desks/data/project_form.html", {"form": form, "seen": seen}, status=status)


def _typed(seen: ProjectView) -> dict[str, Any]:
    facts = {one: {True: "yes", False: "no"}.get(value) for one, _, value in seen.facts}  # type: ignore[arg-type]
    names = ("org", "name", "stage", "year", "summary", "version")
    return {name: getattr(seen, name) for name in names} | {"yuan": seen.money // _FEN} | facts
