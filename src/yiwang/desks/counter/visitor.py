# SPDX-License-Identifier: Apache-2.0
"""Whom a clerk is helping now: kept in the clerk's session, never in an address.

Everything somebody answered stands in the session only until the clerk is done with them, so that
nothing of one visitor reaches the next.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django import forms
from django.http import HttpRequest

from yiwang.apps.identity.public import Subject

_SESSION = "counter_visitor"
_OF_THE_VISITOR = (_SESSION, "private_answers")


@dataclass(frozen=True)
class Visitor:
    """The applicant and whoever stands at the counter for them, by public id, with what may be shown."""

    applicant: str
    agent: str
    shown: str
    is_firm: bool


class MeetForm(forms.Form):
    """Name and number from the identity card; the code when they come for a firm."""

    use_required_attribute = False
    name = forms.CharField(
        label="姓名",
        max_length=60,
        help_text="与身份证一致",
        error_messages={"required": "请填写姓名。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label="公民身份号码",
        max_length=30,
        error_messages={"required": "请填写公民身份号码。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    uscc = forms.CharField(
        label="统一社会信用代码",
        max_length=30,
        required=False,
        help_text="替企业来办的才填；来人要是法定代表人，或者有企业的授权",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def remember(request: HttpRequest, applicant: Subject, agent: Subject) -> None:
    """From now on the clerk helps this visitor."""
    forget(request)
    who = f"{agent.masked_name}（{agent.masked_number}）"
    is_firm = applicant.public_id != agent.public_id
    shown = f"{applicant.name}，来人 {who}" if is_firm else who
    request.session[_SESSION] = asdict(Visitor(applicant.public_id, agent.public_id, shown, is_firm))


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Whom the clerk is helping, if anybody."""
    kept = request.session.get(_SESSION)
    return Visitor(**kept) if kept else None


def forget(request: HttpRequest) -> None:
    """The visitor leaves: nothing of them stays in the session."""
    for key in _OF_THE_VISITOR:
        request.session.pop(key, None)
