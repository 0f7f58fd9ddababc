# SPDX-License-Identifier: Apache-2.0
"""The office: who sees which case, what a case shows, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from support import city as town
from support.city import City
from yiwang.apps.casework import public as casework

At = Callable[[str], Client]


@pytest.fixture
def case(city: City) -> str:
    """A case that waits to be accepted by the department of the city's officers."""
    return town.item_of(city, town.submitted(city))


def url(case: str, action: str = "") -> str:
    """The page of a case, or where a move is sent."""
    return f"/office/cases/{case}" + (f"/{action}" if action else "")


def send(client: Client, case: str, action: str, **given: Any) -> Any:
    """Send a move as the page would, with the version it showed unless told otherwise."""
    page = client.get(url(case))
    version = given.pop("version", page.context["case"].version)
    data = {f"{action}-{name}": value for name, value in given.items()} | {f"{action}-version": version}
    return client.post(url(case, action), data)


def state(city: City, case: str) -> str:
    """Where the case stands."""
    return casework.case_view(city["handler"], case).item.state


def test_the_worklist_tells_the_time_in_words(city: City, case: str, at: At) -> None:
    page = at("handler").get("/office/")
    assert page.status_code == 200
    text = page.content.decode()
    assert url(case) in text
    assert "未计时" in text
    assert "前受理或告知补正" in text


def test_an_empty_worklist_says_so(city: City, case: str, at: At) -> None:
    text = at("handler of another department").get("/office/").content.decode()
    assert "现在没有要办的件" in text
    assert url(case) not in text


def test_what_waits_for_others_is_shown_on_demand(city: City, case: str, at: At) -> None:
    send(at("handler"), case, "ask_correction", **first_point(city, case))
    handler = at("handler")
    assert url(case) not in handler.get("/office/").content.decode()
    assert url(case) in handler.get("/office/?waiting=1").content.decode()


def test_a_spoilt_cursor_is_told(city: City, at: At) -> None:
    assert at("handler").get("/office/?after=nonsense").status_code == 400


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("handler", 200),
        ("approver", 200),
        ("counter", 200),
        ("auditor", 200),
        ("handler elsewhere", 404),
        ("handler of another department", 404),
        ("counter elsewhere", 404),
        ("auditor elsewhere", 404),
        ("operator", 403),
        ("owner", 403),
        ("anonymous", 302),
    ],
)
def test_who_may_open_a_case(city: City, case: str, at: At, persona: str, status: int) -> None:
    assert at(persona).get(url(case)).status_code == status


def test_an_unknown_case_is_not_found(at: At, city: City) -> None:
    assert at("handler").get(url("i_nothing")).status_code == 404


def test_only_what_the_item_asks_for_is_shown(city: City, case: str, at: At) -> None:
    seen = at("handler").get(url(case)).context["case"]
    item = city.catalogue.items[seen.item.item]
    asked = {use.element for use in item.elements}
    needed = {use.material for use in item.materials}
    assert {field.element for field in seen.fields} <= asked
    assert {document.material for document in seen.documents} <= needed
    assert seen.others
    assert not hasattr(seen.others[0], "reason")


def test_an_auditor_sees_personal_data_masked(city: City, case: str, at: At) -> None:
    whole = at("handler").get(url(case)).context["case"]
    masked = at("auditor").get(url(case)).context["case"]
    secret = [f for f in whole.fields if city.catalogue.elements[f.element].sensitive and f.value]
    assert secret
    by_id = {f.element: f for f in masked.fields}
    assert all(by_id[f.element].hidden and by_id[f.element].value != f.value for f in secret)
    assert masked.actions == []


def test_a_counter_accepts_for_the_department(city: City, case: str, at: At) -> None:
    answer = send(at("counter"), case, "accept")
    assert (answer.status_code, answer["Location"]) == (302, url(case))
    assert state(city, case) == "accepted"


def test_an_auditor_cannot_move_a_case(city: City, case: str, at: At) -> None:
    assert at("auditor").post(url(case, "accept"), {"accept-version": 1}).status_code == 403
    assert state(city, case) == "submitted"


def first_point(city: City, case: str) -> dict[str, str]:
    """A correction of the first field of the case, as the form sends it."""
    field = casework.case_view(city["handler"], case).fields[0]
    return {f"tick-{field.element}": "on", f"what-{field.element}": "请与证件一致"}


def test_a_correction_needs_a_tick_and_its_words(city: City, case: str, at: At) -> None:
    fields = casework.case_view(city["handler"], case).fields
    given = {f"tick-{fields[0].element}": "on", f"what-{fields[1].element}": "写到门牌号"}
    answer = send(at("handler"), case, "ask_correction", **given)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert f"请写明“{fields[0].name}”" in text
    assert "但没有勾选" in text
    assert 'value="写到门牌号"' in text
    assert state(city, case) == "submitted"


def test_a_correction_without_anything_is_refused(city: City, case: str, at: At) -> None:
    answer = send(at("handler"), case, "ask_correction")
    assert answer.status_code == 400
    assert "请至少勾选一项" in answer.content.decode()


def test_a_correction_is_asked_once(city: City, case: str, at: At) -> None:
    handler = at("handler")
    assert send(handler, case, "ask_correction", **first_point(city, case)).status_code == 302
    assert state(city, case) == "correction_asked"
    page = handler.get(url(case))
    assert "请与证件一致" in page.content.decode()
    assert "ask_correction" not in {offer.id for offer in page.context["offers"]}


def test_a_stale_page_says_who_was_first_and_keeps_the_words(city: City, case: str, at: At) -> None:
    handler = at("handler")
    send(handler, case, "accept")
    send(handler, case, "begin_compliance_review")
    stale = handler.get(url(case)).context["case"].version
    send(handler, case, "pass_compliance", opinion="合规")
    answer = send(handler, case, "propose_decision", opinion="我写了很久的意见", version=stale)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert city["handler"].name in text
    assert "我写了很久的意见</textarea>" in text
    fresh = next(o for o in answer.context["offers"] if o.id == "propose_decision").form["version"].value()
    again = {"propose_decision-opinion": "我写了很久的意见", "propose_decision-version": fresh}
    assert handler.post(url(case, "propose_decision"), again).status_code == 302
    assert state(city, case) == "awaiting_decision"


def test_a_move_that_is_no_longer_possible_shows_what_was_typed(city: City, case: str, at: At) -> None:
    handler = at("handler")
    version = handler.get(url(case)).context["case"].version
    send(handler, case, "accept")
    given = {"refuse_acceptance-reason": "不属于本机关职权", "refuse_acceptance-version": version}
    answer = handler.post(url(case, "refuse_acceptance"), given)
    assert answer.status_code == 409
    assert "不属于本机关职权" in answer.content.decode()
    assert state(city, case) == "accepted"


def test_a_move_that_does_not_exist_changes_nothing(city: City, case: str, at: At) -> None:
    assert at("handler").post(url(case, "destroy"), {}).status_code == 409
    assert state(city, case) == "submitted"


def test_a_refusal_needs_its_basis_and_tells_the_remedy(city: City, case: str, at: At) -> None:
    handler = at("handler")
    answer = send(handler, case, "refuse_acceptance", reason="不需要许可")
    assert answer.status_code == 400
    assert "不需要许可</textarea>" in answer.content.decode()
    assert "行政复议" in answer.content.decode()
    done = send(handler, case, "refuse_acceptance", reason="不需要许可", basis="行政许可法第三十二条")
    assert done.status_code == 302
    assert state(city, case) == "not_accepted"


def test_from_acceptance_to_the_decision(city: City, case: str, at: At) -> None:
    handler, approver = at("handler"), at("approver")
    send(handler, case, "accept")
    send(handler, case, "begin_compliance_review")
    terms = {step.id: step.standing for step in handler.get(url(case)).context["case"].steps}
    assert (terms["intake"], terms["compliance_review"], terms["technical_review"]) == (
        "done",
        "now",
        "later",
    )
    send(handler, case, "pass_compliance", opinion="合规")
    send(handler, case, "propose_decision", opinion="符合条件")
    assert "grant" not in {offer.id for offer in handler.get(url(case)).context["offers"]}
    send(approver, case, "send_back", reason="请核对姓名")
    assert state(city, case) == "technical_review"
    send(handler, case, "propose_decision", opinion="已核对，符合条件")
    empty = send(approver, case, "grant")
    assert empty.status_code == 400
    assert send(approver, case, "grant", opinion="准予").status_code == 302
    page = approver.get(url(case))
    assert page.context["case"].item.granted is True
    assert "准予" in page.content.decode()


def test_a_file_is_shown_only_where_its_document_is_needed(city: City, at: At) -> None:
    draft = town.draft(city)
    file = casework.attach_file(city["owner"], draft, "fire-rules", name="制度.pdf", content=town.pdf())
    casework.submit(city["owner"], draft, key="with-a-file")
    other = town.item_of(city, draft)
    needs = next(
        i.id
        for i in casework.application_view(city["owner"], draft).items
        if any(use.material == "fire-rules" for use in city.catalogue.items[i.item].materials)
    )
    assert at("handler").get(f"{url(other)}/files/{file}").status_code == 404
    shown = at("counter").get(f"{url(needs)}/files/{file}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "application/pdf")
    assert shown["Content-Disposition"].startswith("inline")
    assert "no-store" in shown["Cache-Control"]
    assert at("handler elsewhere").get(f"{url(needs)}/files/{file}").status_code == 404


def test_promises_not_kept_yet_are_followed_up(city: City, at: At) -> None:
    assert "没有等着补交的材料" in at("handler").get("/office/promises").content.decode()
    assert at("owner").get("/office/promises").status_code == 403
