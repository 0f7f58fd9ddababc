# SPDX-License-Identifier: Apache-2.0
"""Forms of asking for data and of reviewing what was asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange.public import Decision, NewRequest, RequestView, Terms
from yiwang.desks.console.told_forms import ToldForm
from yiwang.engines.exchange import Mask, Resource, ResourceField

_YEAR = 365
_WHOLE = {"invalid": "请填整数。", "required": "请填整数。", "min_value": "请填大于0的整数。"}


def text(
    label: str, hint: str = "", *, needed: bool = True, longest: int = 500, rows: int = 0
) -> forms.CharField:
    """A line of words, or some lines."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label,
        help_text=hint,
        required=needed,
        max_length=longest,
        widget=widget,
        error_messages={"required": f"请填写{label}。", "max_length": f"最多{longest}个字。"},
    )


def whole(label: str, initial: int, hint: str = "", *, least: int = 1) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(
        label=label,
        initial=initial,
        help_text=hint,
        min_value=least,
        max_value=2_000_000_000,
        error_messages=_WHOLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


def day(label: str, ahead: int = 0) -> forms.DateField:
    """A day; at first so many days from today."""
    return forms.DateField(
        label=label,
        initial=lambda: timezone.localdate() + dt.timedelta(days=ahead),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "日期写成 2026-01-31 这样。"},
    )


@dataclass(frozen=True)
class Line:
    """One information item on the page: whether it is wanted, plain, why, and what is wrong."""

    field: ResourceField
    chosen: bool
    plain: bool
    masked: bool
    why: str
    error: str


class AskForm(forms.Form):
    """What a department asks for. The items are drawn by the page from `lines`."""

    use_required_attribute = False
    org = forms.ChoiceField(label="申请部门")
    item = forms.ChoiceField(label="为哪个事项申请", required=False)
    purpose = text("用途", "拿来做什么，一句话说清楚，例如：核对场所权属，不再让申请人交证明", rows=2)
    basis = text("依据", "哪部法律、法规或职责清单的哪一条", rows=2)
    per_minute = whole("每分钟最多调用几次", 60)
    per_day = whole("每天最多调用几次", 2000)
    valid_from = day("从哪一天起")
    valid_until = day("用到哪一天（含当天）", _YEAR)
    cache_seconds = whole("查询结果可以缓存多少秒", 0, "不需要缓存的填 0", least=0)
    batch = forms.BooleanField(label="需要批量提供（整批交付，不是一条一条查）", required=False)
    third_party = text(
        "提供给第三方",
        "不提供给第三方的留空；要提供的写全称，须经提供部门书面同意",
        needed=False,
        longest=200,
    )
    third_party_why = text("为什么提供给第三方、怎样保护", needed=False, rows=2)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, resource: Resource, orgs: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resource = resource
        catalogue, own = current().catalogue, sorted(orgs)
        named = [(one, catalogue.orgs[one].name) for one in own if one in catalogue.orgs]
        items = sorted(((i.id, i.name) for i in catalogue.items.values() if i.org in own), key=lambda x: x[1])
        self._choices("org", named)
        self._choices("item", [("", "不是为某个事项申请的"), *items])
        if len(named) == 1:
            self.fields["org"].widget = forms.HiddenInput()
            self.initial.setdefault("org", named[0][0])

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def add_error(self, field: str | None, error: Any) -> None:
        """What belongs to an item is told above all, with a link to the item."""
        super().add_error(field if field in self.fields else None, error)

    def chosen(self) -> list[str]:
        """Ids of the items that are wanted."""
        if self.is_bound:
            return list(self.data.getlist("fields"))  # type: ignore[attr-defined]
        return list(self.initial.get("fields", ()))

    def plain(self) -> dict[str, str]:
        """Ids of the items that are wanted unmasked, with the reason."""
        if self.is_bound:
            given = self.data.getlist("plain")  # type: ignore[attr-defined]
            return {one: self.data.get(f"why-{one}", "")[:500] for one in given}
        return dict(self.initial.get("plain", {}))

    def lines(self) -> list[Line]:
        """The items of the resource, with what was typed."""
        chosen, plain = set(self.chosen()), self.plain()
        typed = {one.id: plain.get(one.id) or self._typed(one.id) for one in self.resource.fields}
        wrong = getattr(self, "wrong", {})
        return [
            Line(
                one,
                one.id in chosen,
                one.id in plain,
                one.mask is not Mask.NONE,
                typed[one.id],
                wrong.get(f"why-{one.id}", ""),
            )
            for one in self.resource.fields
        ]

    def _typed(self, one: str) -> str:
        return str(self.data.get(f"why-{one}", "")) if self.is_bound else ""

    def tell(self, problems: Iterable[tuple[str, str]]) -> None:
        """Show what the command found wrong, beside what it is about."""
        self.wrong = dict(problems)
        for field, words in self.wrong.items():
            if field in self.fields:
                super().add_error(field, words)

    def asked(self) -> NewRequest:
        """What was typed, as the exchange takes it."""
        given = self.cleaned_data
        names = ("org", "item", "purpose", "basis", "per_minute", "per_day", "valid_from", "valid_until")
        more = ("cache_seconds", "batch", "third_party", "third_party_why")
        return NewRequest(
            resource=self.resource.id,
            fields=tuple(self.chosen()),
            plain=self.plain(),
            **{name: given[name] for name in (*names, *more)},
        )


def typed_before(asked: NewRequest) -> dict[str, Any]:
    """A request as the first content of its form."""
    names = ("org", "item", "purpose", "basis", "per_minute", "per_day", "valid_from", "valid_until")
    more = ("cache_seconds", "batch", "third_party", "third_party_why", "fields", "plain")
    return {name: getattr(asked, name) for name in (*names, *more)}


class ReviewForm(forms.Form):
    """What the provider decides: all that was asked, or less."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)
    words = text("审核意见", "退回的，或者少给的，必须写明原因，使用部门会看到", needed=False, rows=2)
    per_minute = whole("每分钟最多调用几次", 1)
    per_day = whole("每天最多调用几次", 1)
    valid_until = day("用到哪一天（含当天）")
    cache_seconds = whole("查询结果可以缓存多少秒", 0, least=0)
    batch = forms.BooleanField(label="批量提供", required=False)
    third_party = forms.BooleanField(label="可以提供给第三方（须先有书面同意）", required=False)
    secrecy = forms.BooleanField(label="这次要求签保密协议", required=False)
    secrecy_ground = text(
        "签保密协议的依据", "部门之间非涉密数据原则上免签；没有依据的不要勾选", needed=False
    )

    def __init__(self, seen: RequestView, *args: Any, **kwargs: Any) -> None:
        asked = seen.asked
        first = {
            **{"version": seen.version, "per_minute": asked.per_minute, "per_day": asked.per_day},
            **{"valid_until": asked.valid_until, "cache_seconds": asked.cache_seconds},
            **{"batch": asked.batch, "third_party": bool(asked.third_party)},
        }
        super().__init__(*args, **{"initial": first, **kwargs})
        self.seen = seen
        for name, needed in (("batch", asked.batch), ("third_party", bool(asked.third_party))):
            if not needed:
                del self.fields[name]

    def lines(self) -> list[tuple[str, str, bool, bool | None]]:
        """The items that were asked: id, name, given, plain (None: masked was asked)."""
        asked, known = self.seen.asked, self.seen.known
        named = {one.id: one.name for one in known.fields} if known else {}
        given = set(self.data.getlist("fields")) if self.is_bound else set(asked.fields)  # type: ignore[attr-defined]
        plain = set(self.data.getlist("plain")) if self.is_bound else set(asked.plain)  # type: ignore[attr-defined]
        return [
            (one, named.get(one, one), one in given, (one in plain) if one in asked.plain else None)
            for one in asked.fields
        ]

    def clean(self) -> dict[str, Any]:
        """A demand for secrecy names its ground."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("secrecy") and not given.get("secrecy_ground"):
            self.add_error("secrecy_ground", "请写明依据；没有依据的请不要勾选。")
        return given

    def decision(self, *, grant: bool) -> Decision:
        """What was decided, as the exchange takes it."""
        given = self.cleaned_data
        ground = given["secrecy_ground"] if given["secrecy"] else ""
        if not grant:
            return Decision(False, given["words"])
        terms = Terms(
            fields=tuple(one for one, _, kept, _ in self.lines() if kept),
            plain=frozenset(one for one, _, kept, plain in self.lines() if kept and plain),
            per_minute=given["per_minute"],
            per_day=given["per_day"],
            valid_until=given["valid_until"],
            batch=given.get("batch", False),
            cache_seconds=given["cache_seconds"],
            third_party=self.seen.asked.third_party if given.get("third_party") else "",
        )
        return Decision(True, given["words"], terms, ground)


class ConsentForm(forms.Form):
    """The provider's written consent to a third party."""

    use_required_attribute = False
    words = text("同意的内容和条件", "例如：同意仅用于核算补贴，用后删除", rows=2)
    file = forms.FileField(
        label="签字盖章的书面同意",
        required=False,
        help_text="PDF、OFD、JPG、PNG；不上传的，以您在线确认为准",
        error_messages={"empty": "文件是空的，请重新选择。"},
    )


class ReasonForm(ToldForm):
    """Words for ending something."""

    words = text("原因", rows=2)
