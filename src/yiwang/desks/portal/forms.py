# SPDX-License-Identifier: Apache-2.0
"""The one form (一表): in groups, known values shown with their source, unknown ones asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.contrib.messages import success, warning
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from yiwang.apps.casework.public import DraftView, Saved, correct_known, draft_view, save_form
from yiwang.desks.access import RequestWithActor
from yiwang.desks.fields import Field, field_of, shown_known, typed
from yiwang.engines.definitions.kinds import Element
from yiwang.engines.definitions.kinds.elements import Subject
from yiwang.engines.definitions.spoken import spoken
from yiwang.engines.planning import AnswerSource, FormField

from .drafts import draft_page, missing_of, ordered, page_of, redirect_to
from .shared_data import shared_source, sharing_of

_SOURCES = {
    AnswerSource.ANSWERS: "前面已经回答",
    AnswerSource.E_LICENCE: "来自您的电子证照",
    AnswerSource.SHARED_DATA: "来自部门共享数据",
    AnswerSource.E_MATERIAL: "来自您以前交的材料",
}


@dataclass(frozen=True)
class Known:
    """A value nobody has to type. `correct` is its element where the applicant may say that it is
    otherwise this time; `wrong`: where to say that a department has it wrong; `mark`: somebody said so."""

    name: str
    value: str
    source: str
    correct: str = ""
    wrong: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Slot:
    """A place for a question; empty while the question is not asked."""

    name: str
    conditional: bool
    field: Field | None


@dataclass
class Group:
    """A group of the form (表单分组)."""

    name: str
    slots: list[Slot] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)

    @property
    def shown(self) -> bool:
        """Whether anything stands under the heading now."""
        return bool(self.known) or any(slot.field for slot in self.slots)


def groups_of(draft: DraftView, problems: dict[str, str]) -> list[Group]:
    """The form in groups: what is asked, what may yet be asked, what is known."""
    planned = {one.element: one for one in draft.plan.form.fields}
    groups: dict[str, Group] = {}
    for element, conditional in _elements(draft):
        group = groups.setdefault(element.group, Group(element.group))
        one = planned.get(element.id)
        if one is not None and one.source is not AnswerSource.APPLICANT:
            if one.source in _SOURCES:
                group.known.append(_known(draft, element, one))
            elif one.source is AnswerSource.EARLIER_STEP:
                group.known.append(Known(element.name, one.reason, "不用您填"))
            continue
        asked = one is not None and not one.conditional
        if asked or conditional:
            made = _field(draft, element, one, problems) if asked and one else None
            group.slots.append(Slot(element.id, conditional, made))
    return [group for group in groups.values() if group.slots or group.known]


def _elements(draft: DraftView) -> Iterator[tuple[Element, bool]]:
    """Every element of the items taken, once, in their order, and whether it may come and go."""
    known = draft.release.catalogue
    uses = [use for item in draft.plan.included for use in known.items[item.id].elements]
    always = {use.element for use in uses if use.when is None}
    for element in dict.fromkeys(use.element for use in uses):
        yield known.elements[element], element not in always


def _known(draft: DraftView, element: Element, one: FormField) -> Known:
    value = shown_known(draft.release.catalogue, element, one.value)
    theirs = one.source.looked_up and element.subject is not Subject.PERSON
    source, wrong, mark = _SOURCES[one.source], "", ""
    if one.source is AnswerSource.SHARED_DATA:
        source, wrong = shared_source(draft, element.id, source)
        mark = draft.marks[element.id].words if element.id in draft.marks else ""
    return Known(element.name, value, source, element.id if theirs or mark else "", wrong, mark)


def _field(draft: DraftView, element: Element, one: FormField, problems: dict[str, str]) -> Field:
    carried = element.id in draft.suggested and element.id not in draft.typed
    offered = draft.suggested[element.id] if carried else own_value(draft, element.id)
    raw = draft.typed.get(element.id, offered)
    error = problems.get(element.id, "")  # the question stands above it
    error = error.replace(f"“{element.question}”：", "").replace(f"“{element.question}”", "这一项")
    made = field_of(draft.release.catalogue, element, raw, error=error)
    mark = draft.marks[element.id].words if element.id in draft.marks else ""
    return replace(made, optional=not one.required, carried=carried, mark=mark)


def own_value(draft: DraftView, element: str) -> object:
    """What the account already says about the person who fills in, offered for them to check."""
    person = draft.agent
    own = {
        "resident-name": person.name,
        "resident-id-number": person.number,
        "resident-phone": person.phone,
        "resident-address": person.address,
    }
    if draft.applicant.kind == "person":  # whoever opens a business alone also stands for it
        own |= {"legal-representative-name": person.name, "legal-representative-id-number": person.number}
    return own.get(element)


@draft_page("GET", "HEAD", "POST")
def form(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """Show the form; save what was typed, right or wrong, whichever button was pressed."""
    if request.method == "POST":
        return _save(request, draft)
    found = missing_of(draft)["form"]
    missing = found if "check" in request.GET else _wrong_only(draft, found)
    groups = groups_of(draft, missing)
    names = [slot.name for group in groups for slot in group.slots]
    sharing = sharing_of(request.actor, draft)
    page = page_of(draft, "form", groups=groups, problems=ordered(missing, names), sharing=sharing)
    return render(request, "desks/portal/form.html", page)


def _wrong_only(draft: DraftView, found: dict[str, str]) -> dict[str, str]:
    """Before somebody wants to go on, only what was typed wrongly is said, not what is still empty."""
    return {name: words for name, words in found.items() if draft.typed.get(name) not in (None, "", [])}


def _save(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    values = {
        element.id: typed(element, request.POST)
        for element, _ in _elements(draft)
        if element.id in request.POST
    }
    if values:
        version = request.POST.get("version", "")
        seen = int(version) if version.isdigit() else None
        tell_overwritten(request, draft, save_form(request.actor, draft.row.id, values, version=seen))
    if getattr(request, "htmx", False):
        return _changed(request, draft)
    if wrong := request.POST.get("correct"):
        correct_known(request.actor, draft.row.id, wrong)
        return redirect_to("portal:form", draft.row.id, f"#f-{wrong}")
    if "later" in request.POST:
        success(request, "已经保存。什么时候接着填都行，不用再填一遍。")
        return redirect("portal:applications")
    after = draft_view(request.actor, draft.row.id)
    if missing_of(after)["form"]:
        return redirect_to("portal:form", draft.row.id, "?check=1#problems")
    return redirect("portal:documents", draft.row.id)


def tell_overwritten(request: RequestWithActor, draft: DraftView, saved: Saved) -> None:
    """Another page or person had written something else here meanwhile: it is replaced, and said."""
    known = draft.release.catalogue
    for name, raw in saved.overwritten.items():
        element = known.elements[name]
        words = f"“{element.name}”在别处刚改成“{spoken(known, element, raw)}”，现在按您这次填的保存了。"
        warning(request, words + "如果不对，请改回来。")


def _changed(request: RequestWithActor, draft: DraftView) -> HttpResponseBase:
    """For htmx: only the questions that appeared or went away, and that all is saved."""
    before = set(request.POST.getlist("shown"))
    after = draft_view(request.actor, draft.row.id)
    groups = groups_of(after, {})
    slots = [
        slot
        for group in groups
        for slot in group.slots
        if slot.conditional and (slot.field is not None) != (slot.name in before)
    ]
    page = {"slots": slots, "now": timezone.localtime(), "version": after.version}
    return render(request, "desks/portal/_saved.html", page)
