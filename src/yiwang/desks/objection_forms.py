# SPDX-License-Identifier: Apache-2.0
"""What the pages of objections (数据异议) share on both desks: forms, evidence, words of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpResponse, QueryDict

from yiwang.apps.catalogue.public import current
from yiwang.apps.materials import public as materials
from yiwang.apps.quality import public as quality
from yiwang.desks.access import RequestWithActor
from yiwang.desks.console.named import add_error
from yiwang.desks.console.told_forms import ToldForm, tried, words_field
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.exchange import Resource
from yiwang.kernel.actor import ActorKind
from yiwang.kernel.errors import YiwangError

_HINTS = {
    ElementType.DATE: "日期写成 1985-03-05 这样",
    ElementType.MONEY: "写多少元，例如 12.50",
    ElementType.BOOLEAN: "写“是”或“否”",
    ElementType.ID_NUMBER: "18位，最后一位可以是X",
    ElementType.USCC: "18位，照营业执照写",
}
_LONG = forms.Textarea(attrs={"rows": 3})


class ObjectForm(forms.Form):
    """What is wrong, and what it should say."""

    use_required_attribute = False
    field = forms.ChoiceField(label="哪一项不对", required=False)
    says = forms.CharField(
        label="现在写的是什么", required=False, max_length=500, help_text="不清楚的可以不写"
    )
    should = forms.CharField(
        label="应当是什么",
        max_length=500,
        error_messages={"required": "请写应当是什么。", "max_length": "请写短一些，最多500个字。"},
    )
    why = forms.CharField(
        label="为什么",
        max_length=500,
        help_text="例如“户口簿上写的是这一天”",
        widget=_LONG,
        error_messages={"required": "请写明为什么不对。", "max_length": "请写短一些，最多500个字。"},
    )

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "field", [("", "整条记录"), *((one.id, one.name) for one in resource.fields)])
        item = resource.field(str(self["field"].value() or ""))
        if item is not None and item.type in _HINTS:
            self.fields["should"].help_text = _HINTS[item.type]
        for name in ("says", "should", "key"):
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = "off"


def choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class AnswerForm(ToldForm):
    """What a check came to."""

    outcome = forms.ChoiceField(
        label="核查结果",
        choices=[("corrected", "确实有误，已经更正"), ("answered", "没有更正，说明理由")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核查结果。"},
    )
    old = forms.CharField(label="更正前", required=False, max_length=500)
    new = forms.CharField(label="更正后", required=False, max_length=500)
    evidence = forms.CharField(
        label="凭什么更正",
        required=False,
        max_length=500,
        help_text="例如“与出生医学证明原件核对一致”",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    way = forms.ChoiceField(
        label="怎样更正到来源",
        choices=[(one.value, one.term) for one in quality.Way],
        initial=quality.Way.OWN_SYSTEM.value,
        help_text="本平台不会写入任何部门的数据库",
        widget=forms.RadioSelect,
        required=False,
    )
    reasons = forms.CharField(label="不更正的理由", required=False, max_length=500, widget=_LONG)
    remedy = forms.CharField(
        label="不同意的还可以怎么办",
        required=False,
        max_length=500,
        help_text="例如“可以带户口簿到户籍窗口申请变更”",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def outcome_given(self) -> quality.Corrected | quality.Answered:
        """What was typed, as `answer_objection` takes it."""
        given = self.cleaned_data
        if given["outcome"] == "corrected":
            way = quality.Way(given["way"] or quality.Way.OWN_SYSTEM.value)
            return quality.Corrected(given["old"], given["new"], given["evidence"], way)
        return quality.Answered(given["reasons"], given["remedy"])


class ExtendForm(ToldForm):
    """How much longer a check takes, and why."""

    days = forms.IntegerField(
        label="延几个工作日",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请写延几个工作日。", "invalid": "请用数字写延几个工作日。"},
    )
    reason = words_field("理由", hint="只能延一次；提出异议的人会看到理由", most=500)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="extend-%s")


class FeedbackForm(ToldForm):
    """Where the answer does not settle it; who told it, when an officer writes it down."""

    told_by = forms.CharField(
        label="谁、怎样告知的",
        required=False,
        max_length=100,
        help_text="例如“户政科李某来电”；会写在这件异议里，并通知提出的人",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = words_field("不满意的，哪里还不对", needed=False, most=500, rows=3)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="feedback-%s")
        if data is not None and "told_by" not in data:
            del self.fields["told_by"]

    def of(self, seen: quality.ObjectionView) -> FeedbackForm:
        """The form for this objection: what follows from not being satisfied is said in it."""
        if not seen.may_note:
            self.fields.pop("told_by", None)
        follows = (
            "不满意的，会再核查一次。"
            if seen.left_again
            else "已经核查过两次；还不满意的，会报给市数据管理部门协调。"
        )
        self["words"].help_text = f"{follows}满意的不用写。"
        return self

    def given(
        self, request: RequestWithActor, objection: str, heard: quality.Heard | None = None
    ) -> tuple[str, int]:
        """Say whether the answer settles it; as `tried` gives, what was said."""

        def do() -> str:
            satisfied = request.POST.get("satisfied") == "yes"
            words = self.cleaned_data["words"]
            quality.give_feedback(request.actor, objection, satisfied=satisfied, words=words, heard=heard)
            return "满意，办结。" if satisfied else "不满意。"

        return tried(self, do)


def by_provider(known: Iterable[Resource]) -> list[tuple[str, list[Resource]]]:
    """Resources under the names of their departments, both in order."""
    orgs, groups = current().catalogue.orgs, dict[str, list[Resource]]()
    for one in sorted(known, key=lambda one: one.name):
        name = orgs[one.provider].name if one.provider in orgs else one.provider
        groups.setdefault(name, []).append(one)
    return sorted(groups.items())


def take_evidence(request: RequestWithActor, form: forms.Form, owner: str) -> list[str]:
    """Store the files that were sent; ids of those and of files sent before. What is refused is said above
    the form."""
    kept = [one for one in request.POST.getlist("kept") if _owned(one, owner)]
    for file in request.FILES.getlist("files"):
        try:
            stored = quality.store_evidence(request.actor, owner=owner, name=file.name or "", content=file)
            kept.append(stored.public_id)
        except YiwangError as error:
            form.add_error(None, f"“{file.name}”没有收：{error}")
    return kept


def _owned(file: str, owner: str) -> bool:
    try:
        return materials.owner_of(file) == owner
    except YiwangError:
        return False


def raised(
    request: RequestWithActor, form: ObjectForm, resource: Resource, kept: Sequence[str], **more: str
) -> str:
    """Raise what the form says; the objection's public id, "" when something is wrong, which the form then
    says. `more`: whose it is, when the form does not ask."""
    names = ("field", "says", "should", "why", "subject", "org", "key")
    given = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
    try:
        return quality.object_to(
            request.actor, quality.NewObjection(resource.id, files=kept, **given, **more)
        )
    except YiwangError as error:
        add_error(form, error)
        return ""


def page_of(resource: Resource, form: forms.Form, kept: Sequence[str]) -> dict[str, Any]:
    """What the template of the form needs."""
    return {"resource": resource, "form": form, "kept": materials.describe(kept)}


def view_page(
    request: RequestWithActor, objection: str, *, before: str = "", feedback: FeedbackForm | None = None
) -> dict[str, Any]:
    """What the template of one objection needs; values as people read them. `before`: whoever stands
    before a clerk; `feedback`: the form that was refused. Raises NoSuchObjection."""
    seen = quality.objection(request.actor, objection, before=before)
    rounds = [
        {
            "one": one,
            "old": seen.spoken(one.correction.old) if one.correction else "",
            "new": seen.spoken(one.correction.new) if one.correction else "",
        }
        for one in seen.rounds
    ]
    may_say = seen.may_feedback or seen.may_note
    return {
        "feedback": (feedback or FeedbackForm()).of(seen) if may_say else None,
        "refused": feedback,
        "lost": None if may_say else feedback,
        "seen": seen,
        "row": seen.row,
        "should": seen.spoken(seen.should),
        "says": seen.says,
        "rounds": rounds,
        "last": rounds[-1],
        "is_mine": request.actor.kind is ActorKind.PERSON,
    }


def evidence_answer(request: RequestWithActor, objection: str, file: str) -> HttpResponse:
    """A file of an objection, to be downloaded. Raises NoSuchObjection, Unavailable."""
    name, content = quality.evidence(request.actor, objection, file)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
