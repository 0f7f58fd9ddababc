# SPDX-License-Identifier: Apache-2.0
"""What somebody does on the portal: search, answer, see the plan, fill in, upload, submit, put right.

Fields are filled from what is known by element id; anything else the form asks gets a right value
made from its definition, so that a new question does not stop the demonstration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.dates import today_in_china

from .browser import Browser, Form, Page, Stumbled
from .papers import paper
from .story import Story
from .values import right_value

_ROUNDS = 12  # pages of one draft, more than any errand has


@dataclass
class Errand:
    """What somebody wants done, in their own words, and what they know."""

    words: str
    event: str
    place: str
    answers: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Done:
    """What was filled in and handed in on the way."""

    typed: int = 0
    uploaded: int = 0
    signed: int = 0
    promised: str = ""


class Applicant:
    """Somebody at home with a browser."""

    def __init__(self, browser: Browser, catalogue: Catalogue, errand: Errand, story: Story) -> None:
        self.browser, self.catalogue, self.errand, self.story = browser, catalogue, errand, story
        self.done = Done()

    def find(self, page: Page) -> Page:
        """Search in plain words; open the life event."""
        found = page.form(having="q").put(q=self.errand.words).press()
        return found.follow(self.catalogue.life_events[self.errand.event].name)

    def plan(self, page: Page) -> Page:
        """Answer the guiding questions, and those that follow from the answers."""
        first = self.catalogue.life_events[self.errand.event].questions[0].element
        page = self._answered(page.form(having=first)).press()
        for _ in range(_ROUNDS):
            open_form = self._open_questions(page)
            if open_form is None:
                return page
            page = self._answered(open_form).press()
        raise Stumbled("引导问题总也答不完。", mend="；".join(page.complaints))

    def _open_questions(self, page: Page) -> Form | None:
        asked = {q.element for q in self.catalogue.life_events[self.errand.event].questions}
        for form in page.forms():
            if any(c.name in asked and c.kind != "hidden" for c in form.controls.values()):
                return form
        return None

    def _answered(self, form: Form) -> Form:
        for name, control in form.controls.items():
            if name in self.catalogue.elements and control.kind != "hidden" and control.empty:
                control.put(self._value(name, self.errand.answers))
        return form

    def start(self, page: Page) -> Page:
        """From the start page to the draft: for themselves, in the place of the errand."""
        form = page.form(having="place")
        if "applicant" in form.controls and form.controls["applicant"].empty:
            form.controls["applicant"].values = [form.controls["applicant"].options[0][0]]
        return form.put(place=self.errand.place).press()

    # -- the draft

    def fill_form(self, page: Page, *, button: str = "next") -> Page:
        """Fill in every empty field of the form page. Raises Stumbled when it is not accepted."""
        for _ in range(_ROUNDS):
            form = page.form(to="/form")
            for name, control in form.controls.items():
                if name in self.catalogue.elements and control.kind != "hidden" and control.empty:
                    control.put(self._value(name, self.errand.values))
                    self.done.typed += 1
            page = form.press(button)
            if not page.path.endswith("/form"):
                return page
        raise Stumbled("表单总也填不完。", mend="；".join(page.complaints))

    def commit(self, page: Page) -> Page:
        """Read and sign every commitment that may stand for a document (告知承诺)."""
        while offered := page.form(to="/documents").values_of_button("sign"):
            page = page.form(to="/documents").press("sign", offered[0])
            self.done.signed += 1
            if self.done.signed > _ROUNDS:
                raise Stumbled("承诺总也签不完。", mend="；".join(page.complaints))
        return page

    def promise(self, page: Page) -> Page:
        """Promise one document for later, where one may come later (容缺)."""
        form = page.form(to="/documents")
        if offered := form.values_of_button("promise"):
            page = form.press("promise", offered[0])
            self.done.promised = offered[0]
        return page

    def upload(self, page: Page) -> Page:
        """Upload a document for everything else the page asks. Raises Stumbled when one is refused."""
        form = page.form(to="/documents")
        for name, control in form.controls.items():
            if control.kind == "file" and not control.folded and name != self.done.promised:
                form.attach(name, paper(self.catalogue.materials[name]))
                self.done.uploaded += 1
        page = form.press("next")
        if page.path.endswith("/documents"):
            raise Stumbled("材料没有收下。", mend="；".join(page.complaints))
        return page

    def deliver(self, page: Page, method: str = "electronic") -> Page:
        """Choose how the results come."""
        return page.form(having="method").put(method=method).press("next")

    def submit(self, page: Page) -> Page:
        """Promise that everything is true, sign on paper where a signature is asked for, and submit;
        returns the receipt."""
        form = page.form(having="promise").put(promise="true")
        if "signing" in form.controls:
            form.put(signing="paper")
        page = form.press()
        if not page.path.endswith("/receipt"):
            raise Stumbled("没有提交成功。", mend="；".join(page.complaints))
        return page

    def correct(self, page: Page, material: str) -> Page:
        """Put right what was asked for: hand the document in again."""
        form = page.form(to="/correct")
        form.attach(material, paper(self.catalogue.materials[material]))
        return form.press("supply")

    def _value(self, name: str, known: Mapping[str, Any]) -> Any:
        if name in known:
            return known[name]
        return right_value(self.catalogue.elements[name], today=today_in_china(), place=self.errand.place)


def draft_of(page: Page) -> str:
    """The public id of the application whose page this is."""
    parts = page.path.split("/")
    return parts[parts.index("applications") + 1]
