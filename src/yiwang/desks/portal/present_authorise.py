# SPDX-License-Identifier: Apache-2.0
"""A holder lets a clerk use licences (授权用证): give, see, take another code, take back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.casework.public import applications_of
from yiwang.apps.catalogue.public import current
from yiwang.apps.identity.public import officers_of
from yiwang.apps.licences.public import licences
from yiwang.apps.presentment import public as present
from yiwang.apps.presentment.public import Given, NewAuthorisation
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.fields import counties
from yiwang.engines.definitions.kinds.purposes import Way
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import Invalid

from .present import held, name_of

_CODE = "authorisation-code"
_CODE_SECONDS = 120  # the cookie that carries a new code to the page that shows it once
_AT_COUNTER = (Role.COUNTER, Role.REPRESENTATIVE)
Choices = list[tuple[str, Any]]


class AuthoriseForm(forms.Form):
    """Which licences, for what, to whom, how often."""

    use_required_attribute = False
    licences = forms.MultipleChoiceField(
        label="让窗口看哪几张证照",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一张证照。", "invalid_choice": "有证照现在不能授权，请重新选。"},
    )
    purpose = forms.ChoiceField(
        label="让窗口看到多少",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项。", "invalid_choice": "请在列出的里面选一项。"},
    )
    clerk = forms.ChoiceField(
        label="交给哪个窗口",
        help_text="选“任一窗口”的，要把授权码念给窗口；点名的，他不用码就能看到",
        error_messages={"required": "请选一个窗口。", "invalid_choice": "请在列出的里面选一个窗口。"},
    )
    scope = forms.ChoiceField(
        label="用几次",
        widget=forms.RadioSelect,
        error_messages={"required": "请选用几次。", "invalid_choice": "请在列出的里面选一项。"},
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [one for one in held(actor) if one.usable]
        choices: dict[str, Choices] = {
            "licences": [(one.id, f"{one.name}（{one.whose}）") for one in able],
            "purpose": purposes(),
            "clerk": [("", "请选择"), *clerks()],
            "scope": scopes(actor),
        }
        for name, found in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = found

    def asked(self) -> NewAuthorisation:
        """What was asked for, when the form is valid."""
        said = self.cleaned_data
        place, _, officer = said["clerk"].partition("/")
        application = "" if said["scope"] == "once" else said["scope"]
        return NewAuthorisation(said["licences"], said["purpose"], place, officer, application)


def purposes() -> Choices:
    """The purposes for which clerks are authorised, each with what they will see."""
    catalogue, today = current().catalogue, timezone.localdate()
    return [
        (one.id, f"{one.name}：{one.tells}") for one in present.purposes_in(catalogue, Way.AUTHORISE, today)
    ]


def clerks() -> Choices:
    """The counters by county, each with the clerks who sit there: place, or place/officer."""
    found: Choices = []
    for place in counties(current().catalogue):
        named = [(f"{place.id}/{one.id}", one.name) for one in officers_of("", place.id, *_AT_COUNTER)]
        found.append((place.name, [(place.id, f"{place.name}任一窗口（凭授权码）"), *named]))
    return found


def scopes(actor: Actor) -> Choices:
    """Once, or for one of the actor's applications in hand."""
    hours, days = present.terms(current().catalogue)
    open_now = [row for row in applications_of(actor, limit=50) if row.stage == "handling"]
    cases = [(row.id, f"办“{row.name}”（{row.number}）期间，最长{days}天") for row in open_now]
    return [("once", f"只用一次，{hours}小时内有效"), *cases]


@access(person=True)
@require_http_methods(["GET", "POST"])
def authorise(request: RequestWithActor) -> HttpResponseBase:
    """Give an authorisation; its code is shown once on the page that follows."""
    first = {"scope": "once", "licences": request.GET.getlist("licence")}
    form = AuthoriseForm(request.actor, request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        try:
            given = present.authorise(request.actor, form.asked())
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _with_code(request, given)
    page = {"here": "presenting", "form": form}
    return render(request, "desks/portal/authorise.html", page, status=400 if form.errors else 200)


def _with_code(request: RequestWithActor, given: Given) -> HttpResponse:
    """To the page of the authorisation. The code goes there in the holder's own browser, signed, and
    lies nowhere here."""
    there = reverse("portal:authorisation", args=[given.public_id])
    answer = redirect(there)
    answer.set_signed_cookie(
        _CODE,
        given.code,
        salt=given.public_id,
        max_age=_CODE_SECONDS,
        path=there,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


@access(person=True)
@require_safe
@never_cache
def authorisation(request: RequestWithActor, authorisation: str) -> HttpResponseBase:
    """One authorisation; right after it was given, its code."""
    found = present.authorisation(request.actor, authorisation)
    try:
        code = request.get_signed_cookie(_CODE, salt=authorisation, max_age=_CODE_SECONDS)
    except (KeyError, BadSignature):
        code = ""
    now = timezone.now()
    places = current().catalogue.places
    page = {
        "here": "presenting",
        "is": found,
        "code": present.spoken(code) if code else "",
        "names": [name_of(one.material) for one in licences(found.licences)],
        "place": places[found.place].name if found.place in places else found.place,
        "state": found.state_term(now),
        "open": found.is_open(now),
        "may_renew": found.is_open(now) and found.used_at is None,
    }
    answer = render(request, "desks/portal/authorisation.html", page)
    answer.delete_cookie(_CODE, path=request.path, samesite="Lax")
    return answer


@access(person=True)
@require_POST
def renew_code(request: RequestWithActor, authorisation: str) -> HttpResponseBase:
    """Another code in place of the one before."""
    return _with_code(request, present.renew_code(request.actor, authorisation))


@access(person=True)
@require_POST
def revoke(request: RequestWithActor, authorisation: str) -> HttpResponseBase:
    """Take it back, at once."""
    present.revoke_authorisation(request.actor, authorisation)
    messages.success(request, "已撤回，窗口现在不能再用。")
    return redirect("portal:presenting")
