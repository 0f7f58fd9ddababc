# SPDX-License-Identifier: Apache-2.0
"""The link with the province on the data desk: its resources, our requests, how the link is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.public import NewProvincialRequest, ProvincialResourceView
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import YiwangError

from .requests import ASKS
from .requests_forms import day, text


class ProvincialForm(forms.Form):
    """What a department asks of the province."""

    use_required_attribute = False
    org = forms.ChoiceField(label="申请部门")
    fields_ = forms.MultipleChoiceField(
        label="信息项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选要申请的信息项。"},
    )
    item = forms.ChoiceField(label="为哪个事项申请", required=False)
    purpose = text("用途", "拿来做什么，一句话说清楚", rows=2)
    basis = text("依据", "哪部法律、法规或职责清单的哪一条", rows=2)
    valid_until = day("用到哪一天（含当天）", 365)

    def __init__(
        self, resource: ProvincialResourceView, orgs: Iterable[str], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource
        catalogue, own = current().catalogue, sorted(orgs)
        items = sorted(((i.id, i.name) for i in catalogue.items.values() if i.org in own), key=lambda x: x[1])
        known: dict[str, list[tuple[str, str]]] = {
            "org": [(one, catalogue.orgs[one].name) for one in own if one in catalogue.orgs],
            "item": [("", "不是为某个事项申请的"), *items],
            "fields_": list(resource.fields.items()),
        }
        for name, choices in known.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def asked(self) -> NewProvincialRequest:
        """What was typed, as the exchange takes it."""
        given = self.cleaned_data
        names = ("org", "item", "purpose", "basis", "valid_until")
        return NewProvincialRequest(
            code=self.resource.code, fields=tuple(given["fields_"]), **{name: given[name] for name in names}
        )


@access(roles=DATA_DESK)
@require_GET
def home(request: RequestWithActor) -> HttpResponseBase:
    """How the link is, the province's resources, what was asked of it."""
    words = request.GET.get("q", "")
    context = {
        "state": exchange.cascade_state(request.actor),
        "users": exchange.provincial_users(request.actor),
        "resources": exchange.provincial_resources(words),
        "rows": exchange.provincial_requests(request.actor),
        "q": words,
        "bureau": exchange.is_bureau(request.actor),
        "may_ask": bool(exchange.asks_for(request.actor)),
    }
    return render(request, "desks/data/cascade.html", context)


@access(roles=ASKS)
@require_http_methods(["GET", "POST"])
def ask(request: RequestWithActor, province_code: str) -> HttpResponseBase:
    """Ask the province for a resource."""
    known = exchange.provincial_resource(province_code)
    orgs = exchange.asks_for(request.actor)
    if request.method == "GET":
        return _ask_page(request, ProvincialForm(known, orgs))
    form = ProvincialForm(known, orgs, request.POST)
    if not form.is_valid():
        return _ask_page(request, form, status=400)
    try:
        made = exchange.ask_province(request.actor, form.asked())
    except YiwangError as error:
        problems = error.problems if isinstance(error, exchange.NotComplete) else [("", str(error))]
        for field, words in problems:
            form.add_error({"fields": "fields_"}.get(field, field) or None, words)
        return _ask_page(request, form, status=STATUS[error.kind])
    messages.success(request, "已经提交，会自动上报省平台；省平台暂时不通也不会丢。")
    return redirect("data-provincial", made)


@access(roles=DATA_DESK)
@require_GET
def one(request: RequestWithActor, provincial: str) -> HttpResponseBase:
    """A request to the province, its answer, the data that flowed back."""
    seen = exchange.provincial_request(request.actor, provincial)
    return render(request, "desks/data/provincial.html", {"seen": seen})


@access(roles=(Role.DATA,))
@require_POST
def announce(request: RequestWithActor) -> HttpResponseBase:
    """Send users, or the supply-and-demand list, up to the province."""
    if request.POST.get("what") == "needs":
        messages.success(request, f"供需对接清单第{exchange.announce_needs(request.actor)}版已经上报。")
    else:
        messages.success(request, f"已经上报{exchange.announce_users(request.actor)}个部门的用户。")
    return redirect("data-cascade")


@access(roles=(Role.DATA,))
@require_POST
def confirm(request: RequestWithActor) -> HttpResponseBase:
    """Confirm a user whom the province proposes: they become data officer of their department."""
    exchange.confirm_user(request.actor, request.POST.get("user", ""))
    messages.success(request, "已经任命为本部门的数据管理员；还没有账号的，请系统管理员为其开通。")
    return redirect("data-cascade")


def _ask_page(request: RequestWithActor, form: ProvincialForm, *, status: int = 200) -> HttpResponseBase:
    return render(
        request, "desks/data/provincial_ask.html", {"form": form, "it": form.resource}, status=status
    )
