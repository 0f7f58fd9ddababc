# SPDX-License-Identifier: Apache-2.0
"""The small forms with which an officer moves a case: one class per shape of what a move needs."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from yiwang.apps.casework import public as casework
from yiwang.apps.casework.public import CaseView

from .element_fields import element_field

_WORDS_MOST = 2000
_POINT_MOST = 300


def words(label: str, *, hint: str = "", rows: int = 3) -> forms.CharField:
    """A field for an opinion or a reason."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=_WORDS_MOST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": f"请填写{label}。"},
    )


class ActionForm(forms.Form):
    """A move that needs nothing but the decision to make it. `version` tells a stale page."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, case: CaseView, *, data: Any = None, prefix: str = "") -> None:
        super().__init__(data, prefix=prefix, initial={"version": case.version})
        self.case = case
        self.build()

    def build(self) -> None:
        """Add what depends on the case."""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was typed, to be shown when the form itself can be shown no more: (label, words)."""
        return [
            (str(bound.label), "、".join(value) if isinstance(value, list) else str(value))
            for bound in self.visible_fields()
            if (value := bound.value()) not in (None, "", [], False, True)
        ]

    def give(self) -> dict[str, Any]:
        """What the command is given besides actor, case and version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def complain(self, field: str | None, words: str) -> None:
        """Put what the command refused beside its field, or above the form."""
        self.add_error(field if field in self.fields else None, words)

    def fresh(self, version: int) -> None:
        """Let the next sending count for the page as it is now."""
        assert isinstance(self.data, QueryDict)  # a form is freshened after it was sent
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


class OpinionForm(ActionForm):
    """An opinion."""

    opinion = words("意见", hint="写明审查了什么、结论是什么")


class ReasonForm(ActionForm):
    """A reason."""

    reason = words("理由", hint="写清楚要重新审核什么")


class RefusalForm(ActionForm):
    """A refusal: reason and legal basis; the remedy is told by the definitions."""

    reason = words("理由", hint="写清楚哪一条不符合，申请人看得懂")
    basis = words("依据", hint="法律、法规、规章的名称和条款", rows=2)


class CorrectionForm(ActionForm):
    """一次性补正: ticks and words for the fields and documents of this item, and only those."""

    def build(self) -> None:
        """A tick and a line for each field and document."""
        self.groups = [
            ("表单内容", [(f.element, f.name) for f in self.case.fields]),
            ("材料", [(d.material, d.name) for d in self.case.documents]),
        ]
        for target, name in self._targets():
            self.fields[f"tick-{target}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"what-{target}"] = forms.CharField(
                label=f"{name}：怎么改", required=False, max_length=_POINT_MOST
            )

    def _targets(self) -> list[tuple[str, str]]:
        return [target for _, targets in self.groups for target in targets]

    @property
    def rows(self) -> list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """For the page: (heading, pairs of tick and line)."""
        return [
            (heading, [(self[f"tick-{target}"], self[f"what-{target}"]) for target, _ in targets])
            for heading, targets in self.groups
            if targets
        ]

    def clean(self) -> dict[str, Any]:
        """A tick and its words come together; at least one pair."""
        given = super().clean() or {}
        points = []
        for target, name in self._targets():
            tick, what = given.get(f"tick-{target}"), (given.get(f"what-{target}") or "").strip()
            if tick and not what:
                self.add_error(f"what-{target}", f"请写明“{name}”要改成什么样。")
            elif what and not tick:
                self.add_error(f"tick-{target}", f"“{name}”写了怎么改，但没有勾选：请勾选，或删去文字。")
            elif tick:
                points.append(casework.Point(target, what))
        if not points and not self.errors:
            self.add_error(None, "请至少勾选一项并写明怎么改。补正只能告知一次，请写全。")
        self.points = points
        return given

    def give(self) -> dict[str, Any]:
        """The points."""
        return {"points": self.points}


class HandOverForm(ActionForm):
    """收件地 → 办理地."""

    to_place = forms.ChoiceField(label="转到哪里", widget=forms.Select)
    words = forms.CharField(label="交接说明", required=False, max_length=_POINT_MOST)

    def build(self) -> None:
        """The places within reach, the one the applicant asked for first."""
        self.fields["to_place"].choices = list(self.case.reachable)  # type: ignore[attr-defined]


class SpecialForm(ActionForm):
    """Begin a special procedure of this item's list. `stops`: those that stop the clock, or not."""

    stops: ClassVar[bool] = True
    step = forms.ChoiceField(
        label="环节", widget=forms.RadioSelect, error_messages={"required": "请选择环节。"}
    )
    basis = words("依据", hint="告知申请人：为什么要有这个环节，大约多久", rows=2)

    def build(self) -> None:
        """The steps that this item has."""
        steps = [(kind, term) for kind, term, stops in self.case.special_steps if stops == self.stops]
        self.fields["step"].choices = steps  # type: ignore[attr-defined]
        if len(steps) == 1:
            self.fields["step"].initial = steps[0][0]


class CountedSpecialForm(SpecialForm):
    """Begin a special procedure during which the clock runs."""

    stops = False


class VisitForm(ActionForm):
    """The day of a joint site visit."""

    on = forms.DateField(
        label="踏勘日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选择日期。", "invalid": "日期的写法不对，例如 2026-01-04。"},
    )

    def build(self) -> None:
        """The day set so far."""
        if self.case.visit:
            self.fields["on"].initial = self.case.visit.planned_on

    def give(self) -> dict[str, Any]:
        """The visit instead of the case: it belongs to several items."""
        return {"on": self.cleaned_data["on"]}


class FindingForm(ActionForm):
    """What this department found on the spot."""

    passed = forms.ChoiceField(
        label="现场是否符合要求",
        choices=(("yes", "符合"), ("no", "不符合")),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否符合。"},
    )
    words = words("踏勘意见", hint="看了哪里、看到什么")

    def give(self) -> dict[str, Any]:
        """The answer as yes or no."""
        return {"passed": self.cleaned_data["passed"] == "yes", "words": self.cleaned_data["words"]}


class ExtendForm(ActionForm):
    """延长期限."""

    days = forms.DecimalField(
        label="延长几个工作日",
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": "请写明天数。", "invalid": "请只写数字，例如 10。"},
    )
    reason = words("理由", hint="会告知申请人")

    def build(self) -> None:
        """How far, by whose approval."""
        if one := self.case.extension:
            self.fields[
                "days"
            ].help_text = f"最多 {one.at_most.normalize():f} 天，须经{one.approver}批准。依据：{one.basis}"


class GrantForm(ActionForm):
    """准予: opinion, and what the result states for the first time."""

    opinion = words("决定意见", hint="例如：符合法定条件、标准，准予许可")

    def build(self) -> None:
        """A field for each thing the result states that nobody has given yet."""
        catalogue = self.case.release.catalogue
        for element_id, label in self.case.result_fields:
            element = catalogue.elements[element_id]
            typed = self.data.get(self.add_prefix(element_id))
            self.fields[element_id] = element_field(catalogue, element, typed, label=f"证照载明：{label}")

    def _stated(self, given: dict[str, Any]) -> dict[str, Any]:
        return {element: given.get(element) for element, _ in self.case.result_fields}

    def clean(self) -> dict[str, Any]:
        """Every value that is wrong, all at once."""
        given = super().clean() or {}
        for element, complaint in casework.complaints_of(
            self.case.release.catalogue, self._stated(given)
        ).items():
            self.add_error(element, complaint)
        return given

    def give(self) -> dict[str, Any]:
        """The opinion, and the stated values apart."""
        return {"opinion": self.cleaned_data["opinion"], "states": self._stated(self.cleaned_data)}
