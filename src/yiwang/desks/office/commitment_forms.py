# SPDX-License-Identifier: Apache-2.0
"""The forms of 告知承诺: what was looked at, what others answer, how a check ends, the steps of a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from yiwang.apps.commitments.public import Found, Method, Severity, Untruth
from yiwang.desks.console.told_forms import ToldForm, words_field

REFUSED = "refused"
_MOST_OF_LISTS, _MOST_REFERENCE = 500, 100


def _one_of(label: str, choices: Iterable[tuple[str, str]], asked: str) -> forms.ChoiceField:
    said = {"required": asked, "invalid_choice": asked}
    return forms.ChoiceField(
        label=label, choices=list(choices), widget=forms.RadioSelect, error_messages=said
    )


class LookForm(ToldForm):
    """One look: how, what was found."""

    method = _one_of(
        "方式",
        [(one.value, one.term) for one in (Method.ONLINE, Method.SITE, Method.DAILY)],
        "请选择核查的方式。",
    )
    found = _one_of("结果", [(one.value, one.term) for one in Found], "请选择核查的结果。")
    words = words_field("查了什么、查到什么")


class HelpForm(ToldForm):
    """Which other body is asked to help, with what."""

    org = forms.ChoiceField(label="请求哪个单位", error_messages={"required": "请选择要请求协助的单位。"})
    question = words_field("请对方查什么")

    def __init__(self, *args: Any, orgs: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [("", "请选择"), *orgs]  # type: ignore[attr-defined]


class AnswerForm(ToldForm):
    """What a body that was asked to help found; or why it cannot help."""

    help = forms.CharField(max_length=40, widget=forms.HiddenInput)
    found = _one_of(
        "答复",
        [*((one.value, one.term) for one in Found), (REFUSED, "不能协助")],
        "请选择查到的结果；不能提供协助的，选“不能协助”并写明理由。",
    )
    words = words_field("查到的情况，或者不能协助的理由")


class UntrueForm(ToldForm):
    """What was untrue, how grave it is, what follows."""

    words = words_field("哪里不实", hint="当事人会看到。")
    severity = _one_of(
        "失信程度（按造成的社会影响）", [(one.value, one.value) for one in Severity], "请选择失信程度。"
    )
    penalty = words_field("行政处罚（作出了的写决定书文号和内容）", needed=False, rows=1)
    transfer = words_field("移送司法机关（涉嫌犯罪的写明移送情况）", needed=False, rows=1)

    @property
    def untruth(self) -> Untruth:
        """What the sound form says."""
        given = self.cleaned_data
        return Untruth(given["words"], Severity(given["severity"]), given["penalty"], given["transfer"])


class EarlyForm(UntrueForm):
    """The same before the decision, about one of several letters."""

    material = _one_of("哪一份承诺", [], "请选择是哪一份承诺。")
    field_order = ("material",)

    def __init__(self, *args: Any, letters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].choices = letters  # type: ignore[attr-defined]
        if len(letters) == 1:
            self.fields["material"].initial = letters[0][0]


class EndForm(ToldForm):
    """An act that needs nothing but the decision."""


class MendedForm(ToldForm):
    """What was mended."""

    words = words_field("整改的情况")


class SendForm(ToldForm):
    """Why a department's list, or a county's own, changes."""

    org = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    release = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    place = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    words = words_field("调整了什么、为什么", most=_MOST_OF_LISTS)


class ReviewForm(ToldForm):
    """Whether a list is agreed to; `yes`: what that means, in words."""

    agree = _one_of("结果", [], "请选择同意还是退回。")
    words = words_field("意见（退回的必填）", needed=False, most=_MOST_OF_LISTS)

    def __init__(self, *args: Any, yes: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].choices = [("yes", yes), ("no", "退回修改")]  # type: ignore[attr-defined]

    @property
    def agreed(self) -> bool:
        """What the sound form says."""
        return bool(self.cleaned_data["agree"] == "yes")


class ApproveForm(ReviewForm):
    """The same by the government, with the number of its decision."""

    reference = forms.CharField(
        label="审定的文号或者会议（通过的必填）", max_length=_MOST_REFERENCE, required=False
    )
    field_order = ("agree", "reference")


class ReferenceForm(ToldForm):
    """The number or day under which a list was published or filed."""

    reference = forms.CharField(
        label="文号或者日期", max_length=_MOST_REFERENCE, error_messages={"required": "请写明文号或者日期。"}
    )
