# SPDX-License-Identifier: Apache-2.0
"""Client systems (接入系统): registered, given keys and tokens, revoked, by a department's data officer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange import public as exchange
from yiwang.apps.gateway import public as gateway
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.told_forms import ToldForm, tried
from yiwang.desks.middleware import STATUS
from yiwang.kernel.actor import Role
from yiwang.kernel.errors import NotFound, YiwangError


class ClientForm(forms.Form):
    """A new system."""

    use_required_attribute = False
    org = forms.ChoiceField(label="所属部门")
    name = forms.CharField(
        label="系统名称",
        max_length=80,
        help_text="例如：餐饮许可审批系统",
        error_messages={"required": "请填写系统名称。"},
    )

    def __init__(self, *args: Any, orgs: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = current().catalogue.orgs
        field = self.fields["org"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(org, known[org].name) for org in sorted(orgs) if org in known]


class KeyForm(ToldForm):
    """A public key."""

    key = forms.CharField(
        label="SM2 公钥（PEM）",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text="粘贴以 BEGIN PUBLIC KEY 开头的公钥；私钥留在系统自己手里，不要粘贴",
        error_messages={"required": "请粘贴公钥。"},
    )


class RevokeForm(ToldForm):
    """Why a system is ended."""

    why = forms.CharField(label="停用原因", max_length=200, error_messages={"required": "请写明停用原因。"})


_ACTS: Mapping[str, tuple[type[ToldForm], Callable[..., object], str]] = {
    "key": (KeyForm, gateway.set_client_key, "公钥已登记，现在起可以用它签名。"),
    "revoke": (RevokeForm, gateway.revoke_client, "已停用，它的公钥和令牌立即失效。"),
}


@access(roles=(Role.DATA,))
@require_http_methods(["GET", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """The systems there are; register one more."""
    orgs = exchange.data_orgs(request.actor)
    form = ClientForm(request.POST or None, orgs=orgs)
    if request.method == "POST" and form.is_valid():
        try:
            made = gateway.register_client(request.actor, **form.cleaned_data)
        except YiwangError as error:
            form.add_error(
                error.field if error.field in form.fields else None, f"{error.message}{error.mend}"
            )
        else:
            messages.success(request, "已登记。下一步：登记公钥，或者签发令牌。")
            return redirect("data-client", made)
    known = current().catalogue.orgs
    rows = [
        (one, known[one.org].name if one.org in known else one.org) for one in gateway.clients(request.actor)
    ]
    context = {"rows": rows, "form": form if orgs else None}
    return render(request, "desks/data/clients.html", context, status=400 if form.errors else 200)


@access(roles=(Role.DATA,))
@require_GET
def one(request: RequestWithActor, data_client: str) -> HttpResponseBase:
    """One system and what it proves itself by."""
    return _one(request, data_client)


def _one(
    request: RequestWithActor,
    data_client: str,
    form: ToldForm | None = None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponseBase:
    """The page of a system, with a form that was refused. Raises NotFound."""
    view = gateway.client_view(request.actor, data_client)
    known = current().catalogue.orgs
    context = {
        "client": view,
        "org": known[view.org].name if view.org in known else view.org,
        "key_form": form if isinstance(form, KeyForm) else KeyForm(),
        "revoke_form": form if isinstance(form, RevokeForm) else RevokeForm(),
        "refused": form,
        "lost": form if view.revoked_at else None,
        **more,
    }
    return render(request, "desks/data/client.html", context, status=status)


@access(roles=(Role.DATA,))
@never_cache
@require_POST
def change(request: RequestWithActor, data_client: str) -> HttpResponseBase:
    """Set a key, issue a token (shown on this page, once), or end the system."""
    what = request.POST.get("what", "")
    if what in _ACTS:
        kind, act, words = _ACTS[what]
        form = kind(request.POST)

        def do() -> str:
            act(request.actor, data_client, *form.cleaned_data.values())
            return words

        said, status = tried(form, do)
        if not said:
            return _one(request, data_client, form, status=status)
        messages.success(request, said)
        return redirect("data-client", data_client)
    if what != "token":
        return _one(request, data_client, status=400, problem="请按页面上的按钮办理。")
    try:
        token = gateway.issue_client_token(request.actor, data_client)
    except NotFound:
        raise
    except YiwangError as error:
        return _one(request, data_client, status=STATUS[error.kind], problem=f"{error.message}{error.mend}")
    return _one(request, data_client, token=token)
