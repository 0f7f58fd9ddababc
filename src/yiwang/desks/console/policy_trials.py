# SPDX-License-Identifier: Apache-2.0
"""Test a policy's draft on a population: those the house knows, or a file; what came out; some of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.benefits import public as benefits
from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.identity.public import subjects
from yiwang.desks.access import RequestWithActor, access
from yiwang.engines.benefits.population_files import MOST_BYTES, read_population
from yiwang.engines.benefits.trial import GROUPS
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.ids import mask_name
from yiwang.kernel.money import format_fen

from .named import add_error, sent
from .policies import READERS, WRITERS, sent_version

_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


class TrialForm(forms.Form):
    """On whom, as of which day."""

    use_required_attribute = False
    population = forms.ChoiceField(
        label="在谁身上测试",
        choices=[
            ("known", "部门认定名单里的"),
            ("registered", "全市登记的所有企业（个人的政策是所有个人）；没有认定的，只知道登记的内容"),
            ("file", "我上传的一份数据"),
        ],
        widget=forms.RadioSelect,
        initial="known",
        error_messages={"required": "请选择在谁身上测试。"},
    )
    file = forms.FileField(
        label="数据文件（CSV 或 Parquet）",
        required=False,
        help_text="第一行是列名，和数据项的名称一字不差；每行一个对象，不要放姓名、证件号码",
        widget=forms.FileInput(attrs={"accept": ".csv,.parquet"}),
    )
    on = forms.DateField(
        label="按哪一天算",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "日期写成 2026-01-31 的样子。"},
    )

    def clean_on(self) -> dt.date:
        """A day within what definitions speak of."""
        day: dt.date = self.cleaned_data["on"]
        if not _EARLIEST <= day <= _LATEST:
            raise forms.ValidationError("请选 2000 年到 2100 年之间的日子。")
        return day

    def clean(self) -> dict[str, Any]:
        """A file is needed where a file is chosen."""
        given = super().clean() or {}
        if given.get("population") == "file" and not given.get("file") and "file" not in self.errors:
            self.add_error("file", "请选择文件。")
        return given


@access(roles=WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: RequestWithActor, policy_draft: str) -> HttpResponseBase:
    """Run a test."""
    draft = catalogue.policy_draft(request.actor, policy_draft)
    policy, today = draft.checked.policy, timezone.localdate()
    begins = policy.valid_from if policy is not None else None
    form = TrialForm(*sent(request), initial={"on": max(today, begins or today)})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                trial = _run(request, policy_draft, form.cleaned_data)
            except YiwangError as error:
                status = add_error(form, error)
            else:
                messages.success(request, "测试做完了。")
                return redirect("console-policy-trial", policy_draft, trial)
    context = {
        "draft": draft,
        "one": draft.view,
        "form": form,
        "facts": catalogue.trial_of(request.actor, policy_draft).names if draft.checked.ready else (),
    }
    return render(request, "desks/console/policy_test.html", context, status=status)


def _run(request: RequestWithActor, policy_draft: str, given: Mapping[str, Any]) -> str:
    wanted, day = catalogue.trial_of(request.actor, policy_draft), given["on"]
    if given["population"] == "file":
        found = _from_file(given["file"], wanted)
    else:
        found = _known(request, wanted, day, everybody=given["population"] == "registered")
    return catalogue.try_policy(request.actor, policy_draft, found, version=sent_version(request), on=day)


def _from_file(file: Any, wanted: catalogue.Wanted) -> catalogue.Subjects:
    raw = file.read(MOST_BYTES + 1)
    read = read_population(raw, wanted.names, wanted.columns)
    notes = [f"文件里没有“{name}”这一列，都按不知道算。" for name in read.missing]
    notes += [
        f"“{one.name}”有 {one.count} 个值读不懂，按不知道算；先看数据第 {'、'.join(map(str, one.rows))} 行。"
        for one in read.wrong
    ]
    told = f"上传的数据，{read.table.num_rows} 行"
    return catalogue.Subjects(read.table, told, hashlib.sha256(raw).hexdigest(), notes=notes)


def _known(
    request: RequestWithActor, wanted: catalogue.Wanted, day: dt.date, *, everybody: bool
) -> catalogue.Subjects:
    found = benefits.known_subjects(request.actor, wanted.catalogue, wanted.policies, on=day)
    told = f"{found.rosters} 份认定名单里的 {found.table.num_rows} 个对象"
    notes = [] if everybody else ["名单以外的企业、个人，系统没有他们的这些信息，没有算在内。"]
    if found.torn:
        notes.append(f"{found.torn} 个对象的信息在两份名单里不一样，按不知道算。")
    listed = catalogue.Subjects(found.table, told, found.digest, known=True, notes=notes)
    return catalogue.all_registered(listed, wanted) if everybody else listed


@access(roles=READERS)
@require_safe
def one(request: RequestWithActor, policy_draft: str, policy_trial: str) -> HttpResponseBase:
    """What a test found."""
    draft = catalogue.policy_draft(request.actor, policy_draft)
    trial = catalogue.trial_view(request.actor, policy_draft, policy_trial)
    context = {"draft": draft, "one": draft.view, **told(trial)}
    return render(request, "desks/console/policy_trial.html", context)


_SHOWN: Final = ("gains", "loses", "more", "less", "unsure", "same", "open")


def told(trial: catalogue.TrialView) -> dict[str, Any]:
    """A test in words and sums."""
    found = trial.found
    before, after = found["before"], found["after"]
    was = before or {"fits": 0, "fen": 0, "unknown": 0, "in_force": False}
    more = after["fen"] - was["fen"]
    return {
        "trial": trial,
        "sides": [
            ("符合的", was["fits"], after["fits"]),
            ("一共多少钱", format_fen(was["fen"]), format_fen(after["fen"])),
            ("还不能确定的", was["unknown"], after["unknown"]),
        ],
        "is_new": before is None,
        "asleep": [
            side for side, one in (("现行的", before), ("草稿", after)) if one and not one["in_force"]
        ],
        "difference": f"{'多' if more >= 0 else '少'} {format_fen(abs(more))}",
        "groups": [(GROUPS[key], found["groups"][key], key) for key in _SHOWN],
        "short": sum(one["unknown"] > 0 for one in found.get("facts", ())),
    }


@access(roles=READERS)
@require_safe
def sample(request: RequestWithActor, policy_draft: str, policy_trial: str) -> HttpResponseBase:
    """Some of those a test was about, with reasons, masked. Looking at them goes into the journal."""
    draft = catalogue.policy_draft(request.actor, policy_draft)
    trial, samples = catalogue.samples_of(request.actor, policy_draft, policy_trial)
    names = _names(trial, {each["key"] for each in samples})
    rows = [
        {
            "group": GROUPS[each["group"]],
            "who": names[each["key"]],
            "was": each["was"].splitlines(),
            "now": each["now"].splitlines(),
            "was_money": "" if each["was_fen"] is None else format_fen(each["was_fen"]),
            "now_money": "" if each["now_fen"] is None else format_fen(each["now_fen"]),
            "agrees": each["agrees"],
        }
        for each in samples
    ]
    context = {"draft": draft, "one": draft.view, "trial": trial, "rows": rows}
    return render(request, "desks/console/policy_sample.html", context)


def _names(trial: catalogue.TrialView, keys: set[str]) -> dict[str, str]:
    """Who they are: masked names of those the house knows, rows of a file."""
    if not trial.found["known"]:
        return {key: key for key in keys}
    return {key: mask_name(one.name) for key, one in subjects(keys).items()}
