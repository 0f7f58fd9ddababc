# SPDX-License-Identifier: Apache-2.0
"""What officers do: handlers of each department by its own system (the API), approvers on pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.kernel.actor import Role
from yiwang.kernel.dates import today_in_china

from .accounts import Tokens
from .browser import Browser, Page, Site, Stumbled
from .values import right_value


class Department:
    """A department's own system, calling the API with the token of its handler."""

    def __init__(self, site: Site, token: str) -> None:
        self._client = site.client(headers={"Authorization": f"Bearer {token}"})

    def cases(self, number: str) -> list[dict[str, Any]]:
        """Its open cases of one application, from the worklist, page by page."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._ask("GET", "/api/worklist", params={"after": after, "size": 100})
            found += [row for row in page["rows"] if row["number"] == number]
            after = page["after"]
            if not after:
                return found

    def act(self, case: str, action: str, **given: Any) -> dict[str, Any]:
        """Make one move. Raises Refused."""
        return self._ask("POST", f"/api/cases/{case}/actions/{action}", json=given)

    def _ask(self, method: str, address: str, **more: Any) -> Any:
        answer = self._client.request(method, address, **more)
        if answer.status_code >= 400:
            body = answer.json()
            raise Refused(f"{address}：{body.get('message')}", mend=str(body.get("mend") or ""))
        return answer.json()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class Refused(Stumbled):
    """The API said no, and why."""


@dataclass
class Office:
    """All departments that handle the application, and the approver at a screen."""

    site: Site
    catalogue: Catalogue
    place: str
    tokens: Tokens
    approver: Browser
    states: Mapping[str, Any]
    decided: list[str] = field(default_factory=list)
    visits: set[str] = field(default_factory=set)

    def handle(self, org: str, number: str) -> list[str]:
        """A department takes its cases up to the opinion; returns the cases that wait for a decision."""
        department = Department(self.site, self.tokens.of(org, self.place, Role.HANDLER))
        try:
            ready = []
            for row in department.cases(number):
                if row["state"] in ("submitted", "supplied"):
                    self._review(department, row)
                    ready.append(row["id"])
            return ready
        finally:
            department.close()

    def _review(self, department: Department, row: Mapping[str, Any]) -> None:
        case = row["id"]
        department.act(case, "accept")
        department.act(case, "begin_compliance_review")
        opinion = "材料齐全，符合法定条件，建议准予。"
        try:
            department.act(case, "propose_decision", opinion=opinion)
        except Refused as needs_visit:
            if "踏勘" not in needs_visit.message:
                raise
            self._visit(department, row)
            department.act(case, "propose_decision", opinion=opinion)

    def _visit(self, department: Department, row: Mapping[str, Any]) -> None:
        """The joint visit: whoever comes first sets the day for all; each writes down what they found."""
        if not self.visits:
            department.act(row["id"], "plan_visit", on=today_in_china().isoformat())
        department.act(row["id"], "record_finding", passed=True, opinion="现场与申请一致，符合要求。")
        self.visits.add(row["item_name"])

    def decide(self, case: str) -> Page:
        """The approver reads the case on one screen and grants it, stating what the result says."""
        page = self.approver.open(f"/office/cases/{case}")
        form = page.form(to="/grant")
        for name, control in form.controls.items():
            element = name.removeprefix("grant-")
            if element == "opinion":
                control.put("符合法定条件、标准，准予许可。")
            elif element in self.catalogue.elements and control.empty:
                control.put(self._stated(element))
        page = form.press()
        self.decided.append(case)
        return page

    def _stated(self, element: str) -> Any:
        if element in self.states:
            return self.states[element]
        return right_value(self.catalogue.elements[element], today=today_in_china(), place=self.place)


def ask_correction(handler: Browser, case: str, material: str, what: str) -> Page:
    """A handler at a screen asks, once and in full, for one document to be put right."""
    page = handler.open(f"/office/cases/{case}")
    form = page.form(to="/ask_correction")
    form.fill(
        f"ask_correction-tick-{material}", form.controls[f"ask_correction-tick-{material}"].options[0][0]
    )
    form.fill(f"ask_correction-what-{material}", what)
    return form.press()
