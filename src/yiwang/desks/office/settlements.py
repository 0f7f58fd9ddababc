# SPDX-License-Identifier: Apache-2.0
"""按期结算, the officers' side: sum up and show a month, answer objections, check level by level."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.apps.catalogue.public import current
from yiwang.apps.materials.public import content_of, store_file
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.console.named import Refused, add_error, csv_answer, done, sent
from yiwang.kernel.errors import NotFound, YiwangError

from .benefits import DEPARTMENT, READERS

PICTURES = ("jpg", "png")
MEGABYTES = 8


class BeginForm(forms.Form):
    """Which month of which policy is summed up, and where."""

    policy = forms.ChoiceField(label="补贴")
    where = forms.ChoiceField(label="哪里")
    period = forms.CharField(
        label="哪个月", max_length=7, widget=forms.TextInput({"type": "month"}), help_text="例如 2020-11"
    )


class PhotoForm(forms.Form):
    """The photograph of the notice board."""

    photo = forms.FileField(label="公示栏的照片", help_text=f"JPG 或 PNG，不超过{MEGABYTES}MB")


def policy_choices() -> list[tuple[str, str]]:
    """The policies that are settled by period."""
    return [(key, one.name) for key, one in benefits.settled_policies().items()]


def place_choices(request: RequestWithActor) -> list[tuple[str, str]]:
    """The villages an officer works for, and the counties of their posts."""
    places = current().catalogue.places
    mine = sorted({post.place for post in request.actor.posts if post.role in DEPARTMENT and post.place})
    counties = [(f"place:{place}", places[place].name) for place in mine if place in places]
    villages = [
        (one.public_id, one.name) for one in benefits.stations_of(request.actor) if one.level == "village"
    ]
    return villages + counties


@access(roles=READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: RequestWithActor) -> HttpResponseBase:
    """What waits for the officer, how budgets stand; a new month is summed up here."""
    form = BeginForm(sent(request)[0])
    form.fields["policy"].choices = policy_choices()  # type: ignore[attr-defined]
    form.fields["where"].choices = where = place_choices(request)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given, chosen = form.cleaned_data, form.cleaned_data["where"]
        at = {"place": chosen[6:]} if chosen.startswith("place:") else {"station": chosen}
        try:
            made = benefits.begin_sheet(request.actor, policy=given["policy"], period=given["period"], **at)
        except YiwangError as error:
            add_error(form, error)
        else:
            messages.success(request, "已经汇总。要公示的，公示期满以后再上报。")
            return redirect("office-settlement", made)
    rows = benefits.sheets_of(request.actor)
    page = {
        "form": form if where else None,
        "mine": [one for one in rows if one.mine],
        "others": [one for one in rows if not one.mine],
        "to_pass": any(one.mine and one.state.value == "checking" for one in rows),
        "months": sorted(
            {(one.policy, one.policy_name, one.period, one.month) for one in rows}, reverse=True
        ),
        "budgets": benefits.budgets(request.actor),
    }
    return render(request, "desks/office/settlements.html", page, status=400 if form.errors else 200)


@access(roles=READERS)
@require_safe
def one(request: RequestWithActor, tally: str) -> HttpResponseBase:
    """One sheet with its lines; what the officer may do with it."""
    return _page(request, tally, PhotoForm())


def _again(request: RequestWithActor, tally: str, about: str) -> Callable[[YiwangError], HttpResponseBase]:
    """The sheet once more, with what was typed and what is wrong with it."""
    words = request.POST.get("words", "")
    return lambda error: _page(request, tally, PhotoForm(), Refused(about, words, error))


def _page(
    request: RequestWithActor, tally: str, form: forms.Form, refused: Refused | None = None
) -> HttpResponse:
    status = refused.status if refused else 400 if form.errors else 200
    page = {
        "refused": refused,
        "one": benefits.sheet_view(request.actor, tally),
        "form": form,
        "budgets": benefits.budgets(request.actor),
    }
    return render(request, "desks/office/settlement.html", page, status=status)


@access(roles=DEPARTMENT)
@require_POST
def hand_up(request: RequestWithActor, tally: str) -> HttpResponseBase:
    """The village hands a sheet up, with a photograph of the board."""
    form = PhotoForm(*sent(request))
    benefits.sheet_view(request.actor, tally)  # who may not know of it stores nothing
    if form.is_valid():
        photo = form.cleaned_data["photo"]
        try:
            kept = store_file(
                request.actor, owner=tally, name=photo.name, content=photo, accepts=PICTURES,
                max_megabytes=MEGABYTES,
            )  # fmt: skip
            benefits.end_publicity(request.actor, tally, photos=[kept.public_id])
        except YiwangError as error:
            add_error(form, error)
        else:
            messages.success(request, "已经上报。")
            return redirect("office-settlement", tally)
    return _page(request, tally, form)


@access(roles=READERS)
@require_safe
def photo(request: RequestWithActor, tally: str, photo: int) -> HttpResponseBase:
    """A photograph of the board, for who checks."""
    photos = benefits.sheet_view(request.actor, tally).photos
    if not 1 <= photo <= len(photos):
        raise NotFound("没有这张照片。", mend="请回到汇总表。")
    name, content = content_of(photos[photo - 1])
    kind = "image/png" if name.lower().endswith("png") else "image/jpeg"
    return HttpResponse(content, content_type=kind)


@access(roles=DEPARTMENT)
@require_POST
def check(request: RequestWithActor) -> HttpResponseBase:
    """Pass sheets on or return them, one or several at once."""
    chosen, passed = request.POST.getlist("sheet"), request.POST.get("passed") == "yes"
    if not chosen:
        messages.error(request, "没有选汇总表。请先勾选。")
        return redirect("office-settlements")
    return done(
        request,
        lambda: benefits.check(request.actor, chosen, passed=passed, words=request.POST.get("words", "")),
        "已经通过，转到下一步。" if passed else "已经退回，请下级重新核实。",
        to=("office-settlements",) if len(chosen) > 1 else ("office-settlement", chosen[0]),
        again=_again(request, chosen[0], chosen[0]) if len(chosen) == 1 else None,
    )


@access(roles=DEPARTMENT)
@require_POST
def again(request: RequestWithActor, tally: str) -> HttpResponseBase:
    """Sum a returned sheet up again."""
    return done(
        request,
        lambda: benefits.sum_up_again(request.actor, tally),
        "已经重新汇总。",
        to=("office-settlement", tally),
    )


@access(roles=DEPARTMENT)
@require_POST
def answer(request: RequestWithActor, tally: str, doubt: str) -> HttpResponseBase:
    """Answer an objection after looking into it again."""
    upheld, words = request.POST.get("upheld") == "yes", request.POST.get("words", "")
    return done(
        request,
        lambda: benefits.answer_doubt(request.actor, doubt, upheld=upheld, words=words),
        "已经答复，结果已通知提出人。",
        to=("office-settlement", tally),
        again=_again(request, tally, doubt),
    )


@access(roles=DEPARTMENT)
@require_POST
def withdraw(request: RequestWithActor, tally: str, sale: str) -> HttpResponseBase:
    """Take a wrong record out; what it gave is set off by the next sheet."""
    return done(
        request,
        lambda: benefits.withdraw_record(request.actor, sale, why=request.POST.get("words", "")),
        "已经撤销这笔记录，下一次汇总时冲抵。",
        to=("office-settlement", tally),
        again=_again(request, tally, sale),
    )


@access(roles=READERS)
@require_safe
def month(request: RequestWithActor, settled: str, month: str) -> HttpResponseBase:
    """A month by street as a table to download (统计表)."""
    rows = benefits.month_table(request.actor, settled, month)
    heading = ["地方", "汇总表", "户（桩）数", "笔数", "补贴金额（元）"]
    told = [
        [one.name, str(one.sheets), str(one.units), str(one.lines), str(Decimal(one.fen) / 100)]
        for one in rows
    ]
    return csv_answer(f"{month}统计表.csv", [heading, *told])
