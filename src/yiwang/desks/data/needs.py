# SPDX-License-Identifier: Apache-2.0
"""Needs of data on the data desk: the list, one need and its next step, published editions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NeedState, NewNeed, Side, Step
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.engines.exchange import Level, NeedKind
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotFound, YiwangError

_PAGE = 20
_ANY = ("", "不限")


class NeedFilterForm(forms.Form):
    """Which needs are looked for."""

    state = forms.ChoiceField(
        label="进展", required=False, choices=[_ANY, *((one.value, one.term) for one in NeedState)]
    )
    kind = forms.ChoiceField(
        label="需求类型", required=False, choices=[_ANY, *((one.value, one.term) for one in NeedKind)]
    )
    level = forms.ChoiceField(
        label="清单", required=False, choices=[_ANY, *((one.value, one.term) for one in Level)]
    )


class NeedForm(forms.Form):
    """What a department needs."""

    use_required_attribute = False
    org = forms.ChoiceField(label="需求部门")
    kind = forms.ChoiceField(
        label="用来做什么",
        choices=[(one.value, one.term) for one in NeedKind],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择用来做什么。"},
    )
    title = forms.CharField(
        label="需求名称",
        max_length=100,
        help_text="例如：核验申请人婚姻状况",
        error_messages={"required": "请写需求名称。"},
    )
    wants = forms.CharField(
        label="需要哪些信息",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明要哪些信息项、用在哪个环节；不要写任何人的姓名、证件号码",
        error_messages={"required": "请写明需要哪些信息。"},
    )
    item = forms.ChoiceField(label="用于哪个事项", required=False)
    resource = forms.ChoiceField(label="目录里已有的资源", required=False, help_text="目录里没有的不选")
    place = forms.ChoiceField(label="县区", required=False, help_text="县级需求才选；市级不选")

    def __init__(self, *args: Any, orgs: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        catalogue = current().catalogue
        shared = [one for one in exchange.resources() if one.resource.sharing != "not_shared"]
        known: dict[str, list[tuple[str, str]]] = {
            "org": [(org, catalogue.orgs[org].name) for org in sorted(orgs) if org in catalogue.orgs],
            "item": [("", "不限于一个事项"), *((one.id, one.name) for one in catalogue.items.values())],
            "resource": [
                ("", "没有，或者不清楚"),
                *((one.id, f"{one.resource.name}（{one.provider_name}）") for one in shared),
            ],
            "place": [
                ("", "市级"),
                *((p.id, p.name) for p in catalogue.places.values() if p.kind not in ("province", "city")),
            ],
        }
        for name, choices in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def new_need(self) -> NewNeed:
        """What was typed, as the exchange takes it."""
        given = self.cleaned_data
        level = Level.COUNTY if given["place"] else Level.CITY
        names = ("org", "title", "wants", "item", "resource", "place")
        return NewNeed(kind=NeedKind(given["kind"]), level=level, **{name: given[name] for name in names})


class MatchForm(forms.Form):
    """Who can supply."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    resource = forms.ChoiceField(label="目录里的资源", required=False)
    provider = forms.ChoiceField(label="或者：应当由哪个部门提供", required=False)
    words = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orgs = current().catalogue.orgs.values()
        shared = [one for one in exchange.resources() if one.resource.sharing != "not_shared"]
        resource, provider = self.fields["resource"], self.fields["provider"]
        assert isinstance(resource, forms.ChoiceField)
        assert isinstance(provider, forms.ChoiceField)
        named = ((one.id, f"{one.resource.name}（{one.provider_name}）") for one in shared)
        resource.choices = [("", "目录里还没有"), *named]
        provider.choices = [("", "请选择"), *((org.id, org.name) for org in orgs)]


class StepForm(forms.Form):
    """The next step, with words where it needs them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label="说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="提出争议、处理争议、办结时必须写",
    )


@access(roles=DATA_DESK)
@require_GET
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The needs there are: where they stand, who waits for whom."""
    form = NeedFilterForm(request.GET)
    form.is_valid()
    filters = exchange.NeedFilters(**{name: value for name, value in form.cleaned_data.items() if value})
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": Paginator(exchange.needs(filters), _PAGE).get_page(request.GET.get("page")),
        "counts": [(state, count) for state, count in exchange.need_counts().items()],
        "asked": asked.urlencode(),
        "may_ask": bool(exchange.data_orgs(request.actor)),
        "bureau": exchange.is_bureau(request.actor),
        "editions": exchange.editions()[:5],
    }
    return render(request, "desks/data/needs.html", context)


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def new(request: RequestWithActor) -> HttpResponseBase:
    """Put a need on the list."""
    orgs = exchange.data_orgs(request.actor)
    if not orgs:
        raise NotFound("需求由部门的数据管理员提出。", mend="请用部门的数据管理员账号登录。")
    start = {"resource": request.GET.get("resource", ""), "org": min(orgs)}
    form = (
        NeedForm(request.POST, orgs=orgs) if request.method == "POST" else NeedForm(initial=start, orgs=orgs)
    )
    if request.method == "POST" and form.is_valid():
        try:
            need = exchange.list_need(request.actor, form.new_need())
        except YiwangError as error:
            _show(form, error)
        else:
            messages.success(request, "已列入数据需求清单，数据管理局会转给供给部门。")
            return redirect("data-need", need)
    return render(request, "desks/data/need_new.html", {"form": form}, status=400 if form.errors else 200)


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, need: str) -> HttpResponseBase:
    """One need: what is asked, what happened, what comes next."""
    return _one(request, need)


@access(roles=(Role.DATA,))
@require_POST
def step(request: RequestWithActor, need: str) -> HttpResponseBase:
    """Take the next step of a need: match it, connect, use, dispute, settle, close."""
    known = {one.value for one in Step}
    which = request.POST.get("step", "")
    if which not in known:
        return _one(request, need, problem="请按页面上的按钮办理。")
    form = MatchForm(request.POST) if which == Step.MATCH.value else StepForm(request.POST)
    if not form.is_valid():
        return _one(request, need, form=form)
    given = form.cleaned_data
    try:
        if which == Step.MATCH.value:
            exchange.match_need(request.actor, need, **given)
        else:
            exchange.take_step(request.actor, need, Step(which), **given)
    except NotFound:
        raise
    except YiwangError as error:
        _show(form, error)
        return _one(request, need, form=form, status=STATUS[error.kind])
    messages.success(request, f"已办理：{Step(which).term}。")
    return redirect("data-need", need)


def _one(
    request: RequestWithActor,
    need: str,
    *,
    form: forms.Form | None = None,
    problem: str = "",
    status: int = 0,
) -> HttpResponseBase:
    seen = exchange.need(need)
    if seen is None:
        raise exchange.NoSuchNeed
    sides = exchange.sides_of(request.actor, seen.org, seen.provider)
    steps = exchange.steps_of(seen.state, sides)
    start = {"version": seen.version}
    matching = (
        form
        if isinstance(form, MatchForm)
        else MatchForm(initial=start | {"resource": seen.resource, "provider": seen.provider})
    )
    stepping = form if isinstance(form, StepForm) else StepForm(initial=start)
    context = {
        "need": seen,
        "steps": [one for one in steps if one is not Step.MATCH],
        "match_form": matching if Step.MATCH in steps else None,
        "step_form": stepping,
        "wrong": form,
        "problem": problem,
        "supplier_waits": Side.SUPPLIER in sides,
    }
    failed = 400 if form is not None or problem else 200
    return render(request, "desks/data/need.html", context, status=status or failed)


def _show(form: forms.Form, error: YiwangError) -> None:
    form.add_error(error.field if error.field in form.fields else None, f"{error.message}{error.mend}")


@access(roles=(Role.DATA,))
@require_POST
def publish(request: RequestWithActor) -> HttpResponseBase:
    """Publish the list as it stands."""
    try:
        number = exchange.publish_needs(request.actor)
    except YiwangError as error:
        messages.error(request, f"{error.message}{error.mend}")
        return redirect("data-needs")
    messages.success(request, f"供需对接清单第 {number} 版已发布。")
    return redirect("data-need-edition", number)


@access(roles=DATA_DESK)
@require_GET
def edition(request: RequestWithActor, edition: int) -> HttpResponseBase:
    """A published edition of the list."""
    found = exchange.edition(edition)
    if found is None:
        raise NotFound("没有这一版清单。", mend="请从需求清单页面里选择。")
    return render(request, "desks/data/need_edition.html", {"edition": found})
