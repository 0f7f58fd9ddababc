# SPDX-License-Identifier: Apache-2.0
"""A letter arrives with its change; its text follows, tells nothing, and survives an outage."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from yiwang.apps.identity.public import register_person
from yiwang.apps.journal.public import deliver_due, undelivered
from yiwang.apps.notices.adapters.demo import DemoTexts
from yiwang.apps.notices.models import Notice
from yiwang.apps.notices.public import TOPIC, box, deliver_text, mark_read, notify
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, system
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import make_id_number

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(hours=24)
PHONE = "13800000011"
REASON = "理由：场所平面图与现场不符"


@pytest.fixture
def wang() -> Actor:
    number = make_id_number("411702", dt.date(1985, 3, 4), 7)
    public_id = register_person(system("测试"), name="王芳", id_number=number, phone=PHONE)
    return Actor(ActorKind.PERSON, public_id, "王芳", (), frozenset({"f_shop"}))


def write(to: str, title: str = "食品经营许可没有通过") -> None:
    with transaction.atomic():
        notify(to, title, REASON, about="a_1")


def deliver(carrier: DemoTexts) -> int:
    return deliver_due({TOPIC: deliver_text(carrier, signature="某市政务服务")}, give_up_after=DAY)


def files(folder: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*"))]


def test_a_letter_is_in_the_box_newest_first_and_unread(wang: Actor) -> None:
    write(wang.id, "第一封")
    write("f_shop", "第二封")
    write("p_other", "别人的")
    letters = box([wang.id, *wang.firms])
    assert [(n.title, n.read) for n in letters] == [("第二封", False), ("第一封", False)]
    assert (letters[1].body, letters[1].about) == (REASON, "a_1")
    assert len(box([wang.id, *wang.firms], limit=1)) == 1


def test_the_text_says_that_a_letter_is_there_and_nothing_more(wang: Actor, tmp_path: Path) -> None:
    write(wang.id)
    assert deliver(DemoTexts(tmp_path)) == 1
    (text,) = files(tmp_path)
    assert "【某市政务服务】食品经营许可没有通过。请登录查看" in text
    assert REASON not in text
    assert PHONE not in text
    assert "138****0011" in text
    assert Notice.objects.get().sent_at is not None


def test_the_text_platform_is_down_for_hours_and_every_text_arrives_once(wang: Actor, tmp_path: Path) -> None:
    carrier = DemoTexts(tmp_path, fail=True)
    with time_machine.travel(START, tick=False) as clock:
        for number in range(3):
            write(wang.id, f"第{number}封")
        while dt.datetime.now(dt.UTC) < START + dt.timedelta(hours=8):
            deliver(carrier)
            clock.shift(240)
        assert files(tmp_path) == []
        assert len(box([wang.id])) == 3, "the letters are there all the time"
        assert {w.state for w in undelivered()} == {"waiting"}
        assert "短信平台没有应答" in undelivered()[0].last_error
        carrier.fail = False
        clock.shift(300)
        assert deliver(carrier) == 3
        assert deliver(carrier) == 0
    assert len(files(tmp_path)) == 3
    assert undelivered() == []


def test_a_second_delivery_of_the_same_letter_changes_nothing(wang: Actor, tmp_path: Path) -> None:
    write(wang.id)
    deliver(DemoTexts(tmp_path))
    before, sent = files(tmp_path), Notice.objects.get().sent_at
    handler = deliver_text(DemoTexts(tmp_path))
    handler(f"notice:{Notice.objects.get().pk}", {"notice": Notice.objects.get().pk})
    DemoTexts(tmp_path)(f"notice:{Notice.objects.get().pk}", PHONE, "别的话")
    assert files(tmp_path) == before
    assert Notice.objects.get().sent_at == sent


@pytest.mark.parametrize("to", ["f_shop", "o_zhao", "p_nobody"])
def test_who_has_no_phone_still_has_the_letter(to: str, tmp_path: Path) -> None:
    write(to)
    assert deliver(DemoTexts(tmp_path)) == 1
    assert files(tmp_path) == []
    assert undelivered() == []
    assert len(box([to])) == 1


def test_a_letter_of_a_change_that_failed_is_never_sent(wang: Actor, tmp_path: Path) -> None:
    with transaction.atomic():
        notify(wang.id, "不会有的信", "")
        transaction.set_rollback(True)
    assert deliver(DemoTexts(tmp_path)) == 0
    assert box([wang.id]) == []


@pytest.mark.parametrize("to", ["own", "f_shop"])
def test_the_addressee_reads_a_letter_also_for_the_firm(wang: Actor, to: str) -> None:
    write(wang.id if to == "own" else to)
    (letter,) = box([wang.id, *wang.firms])
    with time_machine.travel(START, tick=False):
        mark_read(wang, letter.id)
    mark_read(wang, letter.id)
    assert box([wang.id, *wang.firms])[0].read
    assert Notice.objects.get().read_at == START


def test_nobody_else_marks_a_letter_read_or_learns_that_it_is_there(wang: Actor) -> None:
    write(wang.id)
    (letter,) = box([wang.id])
    told = set()
    other = Actor(ActorKind.PERSON, "p_other", "别人")
    for actor, id_ in ((other, letter.id), (ANONYMOUS, letter.id), (wang, letter.id + 1)):
        with pytest.raises(NotFound) as refused:
            mark_read(actor, id_)
        told.add(str(refused.value))
    assert len(told) == 1
    assert not box([wang.id])[0].read


def test_a_long_title_does_not_lose_the_letter(wang: Actor) -> None:
    write(wang.id, "长" * 300)
    assert box([wang.id])[0].title == "长" * 100
