# SPDX-License-Identifier: Apache-2.0
"""告知承诺核查 on its pages: what is due, looked at, concluded; the applicant sees what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from support import city as town
from support.around_commitments import ITEM, PROOF, around_commitments, handed_in, with_proof_of
from support.city import City
from yiwang.apps.catalogue.public import current, draft_release, publish_release, review_release
from yiwang.apps.commitments import public as commitments
from yiwang.apps.commitments.public import Method
from yiwang.apps.credit import public as credit
from yiwang.apps.identity import public as identity
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, NotAllowed, Unavailable

At = Callable[[str], Client]


def beside(answer: Any, form: str, typed: dict[str, str], gaps: dict[str, str]) -> None:
    """Whether a refused form comes back with each gap told beside its field, led to from the top of the page,
    and with all that was typed."""
    assert answer.status_code == 400
    page = lxml.html.fromstring(answer.content.decode())
    summary = page.get_element_by_id("problems")
    led = {link.get("href").removeprefix(f"#{form}-").removesuffix("_0") for link in summary.iter("a")}
    assert led == set(gaps)
    for name, words in gaps.items():
        assert words in page.get_element_by_id(f"{form}-{name}_error").text_content()
    (shown,) = (
        one for one in page.forms if page.get_element_by_id(f"{form}-{next(iter(gaps))}_error") in one.iter()
    )
    assert {name: (shown.fields[name] or "").strip() for name in typed} == typed, "nothing typed is lost"


def test_a_check_from_the_list_to_its_end(city: City, at: At) -> None:
    check = around_commitments(city, town.submitted(city))["commitment_check"]
    listed = at("handler").get("/office/commitments/").content.decode()
    page = f"/office/commitments/{check}"
    assert page in listed
    assert "告知承诺核查" in at("handler").get("/office/").content.decode()
    seen = at("handler").get(page).content.decode()
    assert "一、告知" in seen
    out_of_turn = {"act": "look", "method": "site", "found": "true", "words": "看过现场了"}
    refused = at("handler").post(page, out_of_turn)
    assert refused.status_code == 409
    assert "看过现场了" in refused.content.decode()
    for act, typed, gaps in (
        ("look", {"found": "true", "words": "登记里有"}, {"method": "请选择核查的方式"}),
        ("help", {"question": "请查登记"}, {"org": "请选择要请求协助的单位"}),
        ("look", {"method": "site", "found": "true"}, {"words": "请写明查了什么"}),
    ):
        beside(at("handler").post(page, {"act": act, **typed}), act, typed, gaps)
    assert at("handler").post(page, {"act": "untrue", "severity": "严重", "words": "假的"}).status_code in (
        403,
        409,
    )
    found = {"act": "look", "method": "online", "found": "untrue", "words": "登记里没有"}
    assert at("handler").post(page, found).status_code == 302
    beside(
        at("approver").post(page, {"act": "untrue", "words": "登记里没有"}),
        "untrue",
        {"words": "登记里没有"},
        {"severity": "请选择失信程度"},
    )
    done = at("approver").post(page, {"act": "untrue", "severity": "严重", "words": "登记里没有"})
    assert done.status_code == 302
    assert "责令整改" in at("approver").get(page).content.decode()
    assert commitments.bars(city.firm, on=timezone.localdate())
    beside(at("handler").post(page, {"act": "mended"}), "mended", {}, {"words": "请写明整改的情况"})
    late = at("handler").post(page, found | {"words": "写得太晚"})
    assert (late.status_code, "您刚才写的" in late.content.decode()) == (409, True), "it is concluded"
    assert "写得太晚" in late.content.decode(), "its form is gone, not its words"
    assert at("handler").post(page, {"act": "mended", "words": "改好了"}).status_code == 302
    assert "没有要核查的承诺" in at("handler").get("/office/commitments/").content.decode()


def test_what_is_found_untrue_before_the_decision_ends_and_nothing_typed_is_lost(city: City, at: At) -> None:
    made = handed_in(city)
    org = city.catalogue.items[ITEM].org
    case, setup = town.item_of(city, made, org), system("测试准备")
    posts = [Post(Role.APPROVER, org, town.HERE)]
    found = identity.appoint_officer(setup, name="城管审批", org=org, posts=posts)
    identity.open_account(setup, username="cgsp", password=None, owner=found)
    user, page = Client(), f"/office/cases/{case}/untrue"
    user.force_login(get_user_model().objects.get(username="cgsp"))
    assert page in user.get(f"/office/cases/{case}").content.decode()
    typed = {"material": PROOF, "words": "现场没有隐蔽工程", "penalty": "", "transfer": ""}
    assert 'id="words"' in user.get(page).content.decode()
    for gap, says in (("severity", "请选择失信程度"), ("words", "请写明"), ("material", "请选择")):
        given = typed | {"severity": "严重"} | {gap: ""}
        again = user.post(page, given)
        assert (again.status_code, says in again.content.decode()) == (400, True), gap
        assert gap == "words" or "现场没有隐蔽工程" in again.content.decode(), "nothing typed is lost"
        assert f'href="#{gap}"' in again.content.decode(), "the summary leads to the field"
    assert user.post(page, typed | {"severity": "严重"})["Location"] == f"/office/cases/{case}"
    assert commitments.bars(city["owner"].id, on=timezone.localdate())
    assert "承诺查实不实" in at("owner").get(f"/applications/{made}/progress").content.decode()
    assert f'value="{PROOF}"' not in user.get(page).content.decode(), "this letter stands no more"
    assert at("approver").get(page).status_code == 404, "another department's"


def test_another_department_neither_sees_nor_answers(city: City, at: At) -> None:
    check = around_commitments(city, town.submitted(city))["commitment_check"]
    other = at("handler of another department")
    assert other.get(f"/office/commitments/{check}").status_code == 404
    answer = {"help": "ch_" + "0" * 26, "found": "true", "words": "有"}
    assert other.post("/office/commitments/", answer).status_code == 404
    for page in ("/office/commitments/", "/office/commitment-lists/", "/office/credit/standards"):
        strange = {"help": "%d", "org": "%d", "release": "%d", "entry": "%d"}
        assert other.post(page, strange).status_code == 400, "whatever is sent makes no fault"
    unsaid = other.post("/office/commitments/", {**answer, "found": ""})
    assert (unsaid.status_code, "请选择查到的结果" in unsaid.content.decode()) == (400, True)
    assert at("owner").get("/office/commitments/").status_code == 403


def test_a_changed_list_is_published_only_after_review_and_approval(city: City, at: At) -> None:
    setup = system("测试准备")
    digest = draft_release(setup, with_proof_of(city.catalogue, town.OFFICE), summary="新增一项")
    review_release(system("测试复核"), digest, approve=True)
    with pytest.raises(Conflict, match="还没有经司法行政部门审核"):
        publish_release(setup, digest)
    sent = {"org": town.OFFICE, "release": digest, "words": ""}
    assert "新增" in at("approver").get("/office/commitment-lists/").content.decode()
    beside(
        at("approver").post("/office/commitment-lists/", sent),
        f"{town.OFFICE}-{digest[:12]}-",
        {"org": town.OFFICE, "release": digest},
        {"words": "请写明调整了什么、为什么"},
    )
    stranger = at("handler of another department")
    assert stranger.post("/office/commitment-lists/", {**sent, "words": "群众常用"}).status_code == 404
    page = at("approver").post("/office/commitment-lists/", {**sent, "words": "群众常用"})["Location"]
    own = {"act": "review", "agree": "yes"}
    assert at("approver").post(page, own).status_code == 403
    unsaid = at("approver").post(page, {"act": "review", "words": "写了意见"}).content.decode()
    assert ["请选择同意还是退回" in unsaid, "写了意见" in unsaid] == [True, True]
    assert at("handler of another department").get(page).status_code == 404
    made = page.rsplit("/", 1)[1]
    justice = officer("justice", "司法")
    commitments.review_list(justice, made, agree=True, words="")
    with pytest.raises(Conflict):
        publish_release(setup, digest)
    commitments.approve_list(
        officer("municipal-government-office", "市府办"), made, agree=True, reference="驻政文〔2026〕1号"
    )
    publish_release(setup, digest)
    assert commitments.list_view(justice, made).row.in_force
    commitments.file_list(justice, made, reference="豫司备〔2026〕1号")
    public = at("anonymous").get("/commitments/lists").content.decode()
    assert "豫司备〔2026〕1号" in public
    assert "已备案" in at("approver").get(page).content.decode()


def officer(org: str, name: str, place: str = "") -> Actor:
    """An officer of the body that has a part in a list, of the city or of a county's office."""
    return Actor(ActorKind.OFFICER, f"of_{org}_{place}_{name}", name, (Post(Role.APPROVER, org, place),))


def test_a_county_publishes_its_own_list_and_files_it_with_the_city(city: City, at: At) -> None:
    drafter, reviewer = officer("justice", "编制", town.HERE), officer("justice", "审核", town.HERE)
    justice = officer("justice", "司法")
    assert [place for place, _ in commitments.counties_to_draw_up(drafter)] == [town.HERE]
    assert commitments.counties_to_draw_up(justice) == [], "the city's justice draws up no county's list"
    with pytest.raises(commitments.NoSuchList):
        commitments.draw_up_county_list(justice, town.HERE, reason="编制")
    made = commitments.draw_up_county_list(drafter, town.HERE, reason="首次编制")
    with pytest.raises(Conflict):
        commitments.draw_up_county_list(drafter, town.HERE, reason="再来一次")
    assert commitments.counties_to_draw_up(drafter) == []
    for other in (drafter, justice):
        with pytest.raises(NotAllowed):
            commitments.review_list(other, made, agree=True, words="")
    with pytest.raises(Conflict):
        commitments.publish_county_list(reviewer, made, reference="西政〔2026〕1号")
    commitments.review_list(reviewer, made, agree=True, words="")
    assert commitments.county_lists() == [], "nothing is shown before the county's government publishes it"
    with pytest.raises(NotAllowed):
        commitments.approve_list(
            officer("municipal-government-office", "市府办"), made, agree=True, reference="x"
        )
    commitments.publish_county_list(reviewer, made, reference="某政〔2026〕1号")
    commitments.file_list(reviewer, made, reference="2026年5月31日")
    (shown,) = commitments.county_lists()
    every = {line.item for one in commitments.lists_in_force() for line in one.lines}
    assert (shown.place, shown.current) == (town.HERE, True)
    assert {line.item for line in shown.lines} == every, "all of these are handled in counties"
    assert commitments.list_view(justice, made).row.term == "县区政府已公布，已报市司法局备案"
    page = at("anonymous").get("/commitments/lists").content.decode()
    assert [one in page for one in ("各县区公布的清单", "某政〔2026〕1号", "报市司法局备案")] == [True] * 3


def test_a_countys_officer_has_no_part_in_the_citys_list(city: City, at: At) -> None:
    made = around_commitments(city, town.submitted(city))["commitment_list"]
    with pytest.raises(NotAllowed):
        commitments.file_list(officer("justice", "县里", town.HERE), made, reference="2026年5月31日")


DEATH = ("funeral-bereavement-benefit", "medical-account-inheritance")
DIED = {"decedent-name": "王某", "decedent-id-number": "411702194001010013", "death-date": "2026-03-02"}


class Register:
    """A department that says of everybody what it was told to say; None: it does not answer."""

    def __init__(self, row: dict[str, str] | None) -> None:
        self.row = row
        self.asked: list[commitments.Question] = []

    def ask(self, question: commitments.Question, *, now: dt.datetime) -> commitments.Reply:
        """The row."""
        self.asked.append(question)
        if self.row is None:
            raise Unavailable("对方系统没有答复。", mend="请稍后再试。")
        return commitments.Reply([self.row], frozenset(question.fields), "call_1")


@pytest.fixture
def letter(city: City) -> str:
    """A letter for a death certificate, on which two departments granted what was applied for."""
    opened, now = current(), timezone.now()
    text = commitments.commitment_text(opened.catalogue, "death-certificate", DEATH)
    assert text is not None
    owner = city["owner"]
    made = commitments.sign(
        owner, commitments.Signing("ap_1", owner.id, owner.id, opened.digest), text, now=now
    )
    commitments.count(owner, [made], signature="", now=now)
    for item in DEATH:
        org = opened.catalogue.items[item].org
        what = commitments.Granted(item, org, town.HERE, [], DIED)
        commitments.granted(system("测试"), [made], what, opened, now=now)
    return made


def look_of(city: City, org: str) -> commitments.CheckView:
    """The check of a department, as its officer sees it."""
    who = officer(org, "经办")
    (row,) = commitments.due_checks(who)
    return commitments.check_view(who, row.public_id)


@pytest.mark.parametrize(
    ("died", "found", "says"),
    [("2026-03-02", "true", "一致"), ("2026-03-01", "unclear", "不一致：")],
)
def test_shared_data_is_compared_before_an_officer_looks(
    city: City, letter: str, monkeypatch: pytest.MonkeyPatch, died: str, found: str, says: str
) -> None:
    register = Register({"decedent-name": "王某", "death-date": died})
    monkeypatch.setattr("yiwang.apps.commitments.plugs._plugged", [register])
    assert (commitments.compare_due(), commitments.compare_due(), len(register.asked)) == (2, 0, 2)
    (seen,) = look_of(city, city.catalogue.items[DEATH[0]].org).looks
    assert (seen.found.value, seen.by_name, says in seen.words) == (found, "在线核查", True)
    assert not any(value in seen.words for value in DIED.values())


def test_no_answer_is_asked_again_and_left_to_an_officer_in_the_end(
    city: City, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, register = timezone.now(), Register(None)
    monkeypatch.setattr("yiwang.apps.commitments.plugs._plugged", [register])
    assert commitments.compare_due(now=now) == 0
    assert commitments.compare_due(now=now) == 0
    assert len(register.asked) == 2
    assert commitments.compare_due(now=now + dt.timedelta(days=90)) == 2
    (seen,) = look_of(city, city.catalogue.items[DEATH[0]].org).looks
    assert (seen.found.value, "没有比成" in seen.words) == ("unclear", True)


def test_two_departments_find_it_untrue_and_it_goes_on_record_once(city: City, letter: str) -> None:
    records = []
    for item in DEATH:
        who = officer(city.catalogue.items[item].org, "审批")
        (row,) = commitments.due_checks(who)
        commitments.look(
            who, row.public_id, method=Method.DAILY, found=commitments.Found.UNTRUE, words="没有死亡登记"
        )
        untruth = commitments.Untruth("没有死亡登记", commitments.Severity.GRAVE)
        records.append(commitments.conclude_untrue(who, row.public_id, untruth))
    assert records[0] == records[1]
    assert len(commitments.bars(city["owner"].id, on=timezone.localdate())) == 1


def test_a_public_letter_is_masked_and_goes_when_it_is_due_or_untrue(city: City, at: At) -> None:
    check = around_commitments(city, town.submitted(city))["commitment_check"]
    page = at("anonymous").get("/commitments/letters?item=drainage-permit").content.decode()
    assert "排水隐蔽工程" in page
    assert "公开的承诺书" in page
    (shown,) = commitments.shown_letters()
    assert commitments.shown_letters(on=shown.shown_until)
    assert commitments.shown_letters(on=shown.shown_until + dt.timedelta(days=1)) == []
    officer_of = city["approver"]
    commitments.look(officer_of, check, method=Method.DAILY, found=commitments.Found.UNTRUE, words="混接")
    commitments.conclude_untrue(officer_of, check, commitments.Untruth("混接", commitments.Severity.GRAVE))
    assert commitments.shown_letters() == []
    assert "受理后补齐图纸" in at("anonymous").get("/lists/later").content.decode()
    assert "文本" in at("anonymous").get("/commitments/lists").content.decode()
    text = at("anonymous").get("/commitments/texts/drainage-permit/drainage-works-report")
    assert "一、告知" in text.content.decode()
    texts = "/commitments/texts/drainage-permit"
    assert at("anonymous").get(f"{texts}/id-card")["Location"] == "/commitments/lists"
    assert at("anonymous").get(f"{texts}/nothing").status_code == 404


def test_the_chain_reaches_from_the_words_to_the_end_of_the_record(city: City, at: At) -> None:
    things = around_commitments(city, town.submitted(city))
    check, page = things["commitment_check"], f"/my/commitments/{things['commitment_letter']}"
    commitments.look(
        city["approver"], check, method=Method.DAILY, found=commitments.Found.UNTRUE, words="混接"
    )
    untruth = commitments.Untruth("雨污混接", commitments.Severity.GRAVE)
    record = commitments.conclude_untrue(city["approver"], check, untruth)
    credit.withdraw(system("测试"), record, reason="决定撤销")
    boss = at("representative of the firm")
    assert page in boss.get("/my/commitments/").content.decode()
    seen = boss.get(page).content.decode()
    told = ["出示告知", "签署承诺书", "列入核查", "向社会公开", "查实承诺不实", "计入信用记录", "限制解除"]
    places = [seen.find(one) for one in told]
    assert (min(places) > 0, places) == (True, sorted(places))
    assert f"/my/credit/{record}" in seen
    assert "限制解除" in at("approver").get(f"/office/commitments/{check}").content.decode()
    assert at("owner").get(page).status_code == 404
    assert "没有签过" in at("owner").get("/my/commitments/").content.decode()
