# SPDX-License-Identifier: Apache-2.0
"""Objections: raised, checked in time, corrected with history or answered with reasons, settled or not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from yiwang.apps.journal.public import deliver_due, entries_of, looks_at
from yiwang.apps.notices.public import TOPIC, box
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.adapters.provider_folder import DemoProvider
from yiwang.apps.quality.domain.values import read_typed, same_value, spoken, typed_again
from yiwang.apps.quality.models import Correction, Objection
from yiwang.apps.quality.public import Answered, Corrected, Heard, NewObjection, State, Way
from yiwang.engines.definitions.kinds.elements import ElementType
from yiwang.engines.process.lights import Light
from yiwang.kernel.actor import ANONYMOUS, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from .conftest import PROVIDER, USER, City, officer

ANSWER = Answered("档案原件写的就是这一天", "可以带户口簿到户籍窗口申请变更，或拨打12345")
BORN = Corrected(old="1985-03-04", new="1985-03-05", evidence="与出生医学证明原件一致")


def by_person(city: City, **more: str) -> str:
    """The person says their birthday is wrong."""
    given = {"should": "1985年3月5日", "why": "出生证明写的是五日", "says": "1985-03-04", **more}
    return quality.object_to(city.person, NewObjection("people", "born", subject=city.person.id, **given))


def by_office(city: City, key: str = "") -> str:
    """The department says a name is wrong."""
    new = NewObjection(
        "people", "name", should="王乙", why="本人持证件来窗口", org=USER, key=key or city.number
    )
    return quality.object_to(city.user, new)


def test_a_person_objects_and_has_an_answer_within_five_working_days(city: City) -> None:
    made = by_person(city)
    row = quality.objection(city.person, made).row
    assert (row.state, row.due_on, row.light) == (State.CHECKING, dt.date(2026, 5, 25), Light.GREEN)
    assert quality.answer_objection(city.provider, made, BORN) is State.CORRECTED
    seen = quality.objection(city.person, made)
    assert seen.should == "1985-03-05"
    assert seen.rounds[0].correction is not None
    assert (seen.rounds[0].correction.old, seen.rounds[0].correction.new) == ("1985-03-04", "1985-03-05")
    assert seen.may_feedback
    assert quality.give_feedback(city.person, made, satisfied=True) is State.CLOSED
    actions = [entry["action"] for entry in entries_of(f"objection:{made}")]
    assert actions == ["objection.raised", "objection.corrected", "objection.feedback"]


def test_what_people_wrote_is_locked_at_rest_and_in_no_journal_entry(city: City) -> None:
    made = by_person(city)
    quality.answer_objection(city.provider, made, BORN)
    stored = list(Objection.objects.filter(public_id=made).values_list().get())
    stored += list(Correction.objects.values_list().get())
    assert not [one for one in stored if any(word in str(one) for word in ("1985-03", city.number, "出生"))]
    told = "".join(str(one["detail"]) for one in entries_of(f"objection:{made}"))
    assert "1985" not in told
    assert city.number not in told


def test_the_item_is_marked_while_it_is_checked_and_until_the_source_agrees(city: City) -> None:
    made = by_person(city)
    assert quality.open_objections("people", city.person.id)["born"].words == "有异议，核查中"
    assert quality.open_objections("people", city.number).keys() == {"born"}
    assert not quality.open_objections("people", city.other.id)
    assert not quality.open_objections("births", city.number)
    assert quality.marked_records("people") == {city.number: {"born": "有异议，核查中"}}
    quality.answer_objection(city.provider, made, BORN)
    assert quality.open_objections("people", city.number)["born"].words == "已核实更正，来源尚未同步"
    assert quality.marked_records("people") == {city.number: {"born": "已核实更正，来源尚未同步"}}
    assert quality.note_read("people", city.number, {"born": dt.date(1985, 3, 4)}) == 0
    assert quality.note_read("people", city.number, {"born": dt.date(1985, 3, 5)}) == 1
    assert not quality.open_objections("people", city.number)
    assert quality.marked_records("people") == {}


def test_an_answer_without_a_correction_leaves_no_mark(city: City) -> None:
    made = by_office(city)
    quality.answer_objection(city.provider, made, ANSWER)
    assert not quality.open_objections("people", city.number)


def test_more_time_once_with_a_reason_in_time(city: City) -> None:
    made = by_person(city)
    with pytest.raises(Invalid, match="理由"):
        quality.extend(city.provider, made, days=3, reason=" ")
    with pytest.raises(Invalid, match="天数"):
        quality.extend(city.provider, made, days=6, reason="调档")
    assert quality.extend(city.provider, made, days=3, reason="要调纸质档案") == dt.date(2026, 5, 28)
    seen = quality.objection(city.person, made).rounds[0]
    assert (seen.first_due_on, seen.extension_reason) == (dt.date(2026, 5, 25), "要调纸质档案")
    with pytest.raises(Conflict):
        quality.extend(city.provider, made, days=1, reason="还要调")
    again = by_office(city)
    city.clock.move_to(dt.datetime(2026, 5, 26, 2, tzinfo=dt.UTC))
    with pytest.raises(Conflict, match="超期"):
        quality.extend(city.provider, again, days=1, reason="忘了")


def test_late_checks_are_lit_told_once_and_counted(city: City) -> None:
    made = by_person(city)
    city.clock.move_to(dt.datetime(2026, 5, 25, 8, tzinfo=dt.UTC))
    assert quality.objection(city.provider, made).row.light is Light.RED
    assert quality.look_after_objections() == 0
    city.clock.move_to(dt.datetime(2026, 5, 26, 2, tzinfo=dt.UTC))
    assert quality.objection(city.provider, made).row.light is Light.LATE
    assert quality.look_after_objections() == 1
    assert quality.look_after_objections() == 0
    assert [one.title for one in box([city.bureau.id])] == ["有部门的数据异议核查超期"]
    quality.answer_objection(city.provider, made, BORN)
    (tally,) = quality.tallies(city.bureau)
    assert (tally.provider, tally.asked, tally.done, tally.done_late, tally.waiting_late) == (
        PROVIDER,
        1,
        1,
        1,
        0,
    )


def test_not_settled_is_checked_once_more_and_then_goes_to_the_bureau(city: City) -> None:
    made = by_person(city)
    quality.answer_objection(city.provider, made, ANSWER)
    with pytest.raises(Invalid, match="哪里"):
        quality.give_feedback(city.person, made, satisfied=False)
    assert quality.give_feedback(city.person, made, satisfied=False, words="没看出生证明") is State.CHECKING
    assert quality.open_objections("people", city.number)
    quality.answer_objection(city.provider, made, ANSWER)
    assert quality.give_feedback(city.person, made, satisfied=False, words="还是不对") is State.CLOSED
    assert [one.title for one in box([city.bureau.id])] == ["有数据异议两次核查后仍不满意"]
    with pytest.raises(Conflict):
        quality.give_feedback(city.person, made, satisfied=True)


def test_an_answer_nobody_says_anything_about_is_closed_in_the_end(city: City) -> None:
    made = by_person(city)
    quality.answer_objection(city.provider, made, ANSWER)
    city.clock.move_to(dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC))
    assert quality.look_after_objections() == 0
    city.clock.move_to(dt.datetime(2026, 6, 20, 8, tzinfo=dt.UTC))
    assert quality.look_after_objections() == 1
    assert quality.objection(city.person, made).row.state is State.CLOSED


def test_who_may_know_of_an_objection(city: City) -> None:
    mine, theirs = by_person(city), by_office(city)
    for actor in (city.other, city.stranger, ANONYMOUS):
        for made in (mine, theirs):
            with pytest.raises(NotFound):
                quality.objection(actor, made)
    with pytest.raises(NotFound):
        quality.objection(city.person, theirs)
    with pytest.raises(NotFound):
        quality.objection(city.user, mine)
    watched = quality.objection(city.bureau, mine)
    assert not watched.values
    assert (watched.should, watched.why, watched.key) == ("", "", "")
    assert quality.objection(city.provider, theirs).key == city.number
    assert [one.public_id for one in quality.objections(city.person)] == [mine]
    assert {one.public_id for one in quality.objections(city.provider)} == {mine, theirs}
    looked = [one["action"] for one in looks_at(city.person.id)]
    assert looked == []  # nobody but themselves, and who only watches, has opened it
    quality.objection(city.provider, mine)
    assert [one["action"] for one in looks_at(city.person.id)] == ["objection.look"]


def test_who_may_do_what(city: City) -> None:
    made = by_person(city)
    for actor, wrong in (
        (city.stranger, NotFound),
        (city.user, NotFound),
        (city.bureau, NotAllowed),
        (city.person, NotAllowed),
    ):
        with pytest.raises(wrong):
            quality.answer_objection(actor, made, BORN)
        with pytest.raises(wrong):
            quality.extend(actor, made, days=1, reason="忙")
    quality.answer_objection(city.provider, made, BORN)
    for actor, wrong in ((city.other, NotFound), (city.user, NotFound), (city.provider, NotAllowed)):
        with pytest.raises(wrong):
            quality.give_feedback(actor, made, satisfied=True)
    own = NewObjection("people", "name", should="王乙", why="自查", org=PROVIDER, key=city.number)
    raised = quality.object_to(city.provider, own)
    with pytest.raises(NotAllowed, match="自己"):
        quality.answer_objection(city.provider, raised, ANSWER)


def test_the_bureau_writes_down_what_a_department_says_and_nobody_else_does(city: City) -> None:
    new = NewObjection("people", "born", should="1985-03-05", why="与医院记录不符", org=USER, key=city.number)
    made = quality.object_to(city.user, new)
    told, met = Heard(told_by="卫健委李某来电"), Heard(agent=city.person.id)
    with pytest.raises(Conflict):
        quality.give_feedback(city.bureau, made, satisfied=True, heard=told)
    quality.answer_objection(city.provider, made, BORN)
    for actor, heard, wrong in (
        (city.bureau, Heard(), Invalid),
        (city.bureau, met, NotAllowed),
        (city.provider, told, NotAllowed),
        (city.person, met, NotFound),
        (city.bureau, None, NotAllowed),
    ):
        with pytest.raises(wrong):
            quality.give_feedback(actor, made, satisfied=True, heard=heard)
    assert quality.objection(city.bureau, made).may_note
    quality.give_feedback(city.bureau, made, satisfied=True, heard=told)
    own = quality.objection(city.user, made)
    assert (own.row.state, own.rounds[0].told_by) == (State.CLOSED, "卫健委李某来电")
    assert own.rounds[0].written_by == city.bureau.name
    theirs = by_person(city)
    quality.answer_objection(city.provider, theirs, BORN)
    with pytest.raises(NotAllowed):
        quality.give_feedback(city.bureau, theirs, satisfied=True, heard=told)


def test_what_cannot_be_objected_to(city: City) -> None:
    base = {"should": "1985-03-05", "why": "写错了"}
    with pytest.raises(NotAllowed):
        quality.object_to(city.person, NewObjection("people", "born", subject=city.other.id, **base))
    with pytest.raises(NotFound):
        quality.object_to(city.person, NewObjection("nothing", "born", subject=city.person.id, **base))
    with pytest.raises(NotFound):
        quality.object_to(city.person, NewObjection("people", "nothing", subject=city.person.id, **base))
    with pytest.raises(NotAllowed):
        quality.object_to(city.user, NewObjection("people", "born", org=PROVIDER, key=city.number, **base))
    with pytest.raises(Invalid) as bad:
        quality.object_to(city.user, NewObjection("people", "born", org=USER, key="123", **base))
    assert bad.value.field == "key"
    with pytest.raises(Invalid) as bad:
        by_person(city, should="三月的一天")
    assert bad.value.field == "should"
    with pytest.raises(Invalid) as bad:
        by_person(city, why=" ")
    assert bad.value.field == "why"


def test_the_same_thing_is_objected_to_once_at_a_time(city: City) -> None:
    made = by_person(city)
    with pytest.raises(Conflict, match="正在核查"):
        by_person(city)
    quality.answer_objection(city.provider, made, ANSWER)
    assert by_person(city) != made


def test_an_answer_says_what_it_must(city: City) -> None:
    made = by_person(city)
    with pytest.raises(Invalid) as bad:
        quality.answer_objection(city.provider, made, Answered("", "可以复议"))
    assert bad.value.field == "reasons"
    with pytest.raises(Invalid) as bad:
        quality.answer_objection(city.provider, made, Answered("没有错", ""))
    assert bad.value.field == "remedy"
    with pytest.raises(Invalid) as bad:
        quality.answer_objection(city.provider, made, Corrected("1985-03-04", "1985-03-04", "核对过"))
    assert bad.value.field == "new"
    assert quality.objection(city.person, made).row.state is State.CHECKING
    quality.answer_objection(city.provider, made, Corrected("1985-03-04", "1985-3-5", "核对过", Way.MESSAGE))
    with pytest.raises(Conflict):
        quality.answer_objection(city.provider, made, ANSWER)


def test_values_are_typed_as_people_write_them_and_kept_as_sources_do() -> None:
    today = dt.date(2026, 5, 18)
    for text, kind, kept, said in (
        ("1,200.5元", ElementType.MONEY, "120050", "￥1,200.50"),
        ("１９８５年３月４日", ElementType.DATE, "1985-03-04", "1985年3月4日"),
        ("是", ElementType.BOOLEAN, "true", "是"),
        ("０１２", ElementType.INTEGER, "12", "12"),
        (" 王甲 ", ElementType.TEXT, "王甲", "王甲"),
    ):
        read = read_typed(text, kind, today=today)
        assert (read, spoken(read, kind)) == (kept, said)
        assert read_typed(typed_again(read, kind), kind, today=today) == kept
    assert same_value("12.50", "12.5")
    assert not same_value(None, "12.5")
    for text, kind in (
        ("12.345", ElementType.MONEY),
        ("1.5", ElementType.INTEGER),
        ("nan", ElementType.DECIMAL),
        ("二月三十", ElementType.DATE),
        ("也许", ElementType.BOOLEAN),
        ("x" * 501, ElementType.TEXT),
        ("", ElementType.TEXT),
    ):
        with pytest.raises(Invalid):
            read_typed(text, kind, today=today)
    with pytest.raises(Invalid, match="选项"):
        read_typed("丙", ElementType.CHOICE, today=today, choices=["甲", "乙"])


def test_a_correction_reaches_the_provider_as_a_message_once(city: City, tmp_path: Path) -> None:
    made = by_person(city)
    given = Corrected("1985-03-04", "1985-03-05", "核对过", Way.MESSAGE)
    quality.answer_objection(city.provider, made, given)
    twin = DemoProvider(tmp_path)
    handlers = {quality.CORRECTION_TOPIC: quality.deliver_correction(twin.carry)}
    others = dict.fromkeys((TOPIC,), lambda _key, _payload: None)
    deliver_due({**others, **handlers}, give_up_after=dt.timedelta(hours=1))
    (message,) = twin.taken(PROVIDER)
    assert (message["key"], message["item"], message["new"]) == (city.number, "born", "1985-03-05")
    kept = [one.read_bytes() for one in tmp_path.rglob("*.message")]
    assert not [one for one in kept if city.number.encode() in one]


def test_a_clerk_files_for_whoever_stands_at_the_counter(city: City) -> None:
    clerk = officer("窗口", Post(Role.COUNTER, "", "yicheng"))
    new = NewObjection(
        "people", "born", should="1985-03-05", why="出生证", subject=city.person.id, agent=city.person.id
    )
    made = quality.object_to(clerk, new)
    (said,) = quality.objections(city.person)
    assert (said.public_id, said.by_name, said.clerk) == (made, "本人", "窗口")
    assert said.number.startswith("SJYY-20260518-")
    (entry,) = entries_of(f"objection:{made}")
    assert (entry["actor"], entry["subject"]) == (clerk.id, city.person.id)
    assert (entry["detail"]["at"], entry["detail"]["agent"]) == ("counter", city.person.id)
    assert [one.public_id for one in quality.filed_at_counter(clerk)] == [made]
    assert quality.objections_about(clerk, city.person.id, agent=city.person.id) == [said]
    assert quality.objection(clerk, made).should == "1985-03-05"
    quality.answer_objection(city.provider, made, BORN)
    assert [one.title for one in box([city.person.id])] == ["您的数据异议已更正"]
    assert quality.objection(city.person, made).may_feedback
    city.clock.move_to(dt.datetime(2026, 5, 19, 2, tzinfo=dt.UTC))
    later = quality.objection(clerk, made)
    assert (later.values, later.should, later.may_feedback) == (False, "", False)


def test_who_may_not_file_for_another(city: City) -> None:
    clerk = officer("窗口", Post(Role.COUNTER, "", "yicheng"))
    base = {"should": "1985-03-05", "why": "出生证", "subject": city.person.id}
    for actor, agent in ((clerk, city.other.id), (city.user, city.person.id), (city.other, city.person.id)):
        with pytest.raises(NotAllowed):
            quality.object_to(actor, NewObjection("people", "born", agent=agent, **base))
    with pytest.raises(NotAllowed):
        quality.object_to(clerk, NewObjection("people", "born", **base))
    with pytest.raises(NotAllowed):
        quality.objections_about(city.user, city.person.id, agent=city.person.id)
    assert quality.filed_at_counter(city.user) == []
    assert Objection.objects.count() == 0


def test_whoever_filed_it_at_the_counter_does_not_check_it(city: City) -> None:
    both = officer("身兼两职", Post(Role.DATA, PROVIDER), Post(Role.COUNTER, "", "yicheng"))
    new = NewObjection(
        "people", "born", should="1985-03-05", why="出生证", subject=city.person.id, agent=city.person.id
    )
    made = quality.object_to(both, new)
    assert not quality.objection(both, made).may_check
    with pytest.raises(NotAllowed, match="经手登记"):
        quality.answer_objection(both, made, BORN)
