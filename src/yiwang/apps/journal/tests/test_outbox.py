# SPDX-License-Identifier: Apache-2.0
"""A message that was committed arrives, once for us, or a person sees it. Nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Min

from yiwang.apps.journal.domain.retry import LEASE, LONGEST, next_attempt, words_of
from yiwang.apps.journal.models import Entry, OutboxMessage, OutboxState
from yiwang.apps.journal.public import (
    Handler,
    Outside,
    backlog,
    deliver_due,
    entries_of,
    record,
    retry_parked,
    send,
    undelivered,
)
from yiwang.kernel.actor import Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, NotAllowed, NotFound

from .threads import at_once

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY, MINUTE = dt.timedelta(hours=24), dt.timedelta(minutes=1)
ME = system("测试")
OPERATOR = Actor(ActorKind.OFFICER, "o_sun", "孙运维", (Post(Role.OPERATOR),))


@dataclass
class Partner:
    """A partner that is out of reach until `back`, and keeps what it got."""

    back: dt.datetime | None = None
    got: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    tried: int = 0

    def __call__(self, key: str, payload: Mapping[str, Any]) -> None:
        self.tried += 1
        if self.back and dt.datetime.now(dt.UTC) < self.back:
            raise ConnectionError("13800000011 没有应答")
        self.got.append((key, payload))


def give(key: str = "k", topic: str = "text") -> OutboxMessage:
    with transaction.atomic():
        send(topic, key, {"notice": 1})
    return OutboxMessage.objects.get(key=key)


def deliver(handler: Handler, **options: Any) -> int:
    return deliver_due({"text": handler}, give_up_after=DAY, **options)


def run_until(clock: time_machine.Traveller, end: dt.datetime, handler: Handler) -> None:
    """A worker that looks every minute for the one message; the minutes in which nothing is due are passed
    over."""
    while (now := dt.datetime.now(dt.UTC)) < end:
        deliver(handler, limit=1)
        due = OutboxMessage.objects.filter(state=OutboxState.WAITING).aggregate(due=Min("due_at"))["due"]
        idle = max((min(due or end, end) - now) // MINUTE - 1, 0)
        clock.shift((idle + 1) * MINUTE)


@pytest.fixture(params=["together", "outside"])
def wrap(request: pytest.FixtureRequest) -> Any:
    """Both sorts of handler: in the message's transaction, and outside of any."""
    return Outside if request.param == "outside" else lambda handler: handler


@time_machine.travel(START, tick=False)
def test_a_message_arrives_once_and_is_done(wrap: Any) -> None:
    partner = Partner()
    give()
    assert deliver(wrap(partner)) == 1
    assert deliver(wrap(partner)) == 0
    assert partner.got == [("k", {"notice": 1})]
    assert OutboxMessage.objects.get().state == OutboxState.DONE
    assert undelivered() == []


@pytest.mark.parametrize("hours", [0.1, 6, 23.9])
def test_retries_outlive_the_stated_outage(hours: float, wrap: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        partner = Partner(back=START + dt.timedelta(hours=hours))
        give()
        run_until(clock, START + DAY + 2 * LONGEST, wrap(partner))
    assert partner.got == [("k", {"notice": 1})]
    done = OutboxMessage.objects.get()
    assert done.done_at is not None
    assert done.done_at - partner.back <= LONGEST + dt.timedelta(minutes=1)  # type: ignore[operator]
    assert done.last_error == ""


def test_after_the_stated_time_it_is_parked_for_a_person_and_never_dropped(wrap: Any) -> None:
    with time_machine.travel(START, tick=False) as clock:
        partner = Partner(back=START + 3 * DAY)
        message = give()
        run_until(clock, START + 2 * DAY, wrap(partner))
        tried = partner.tried
        (waiting,) = undelivered()
        assert (waiting.id, waiting.state, waiting.state_term) == (message.pk, "parked", "转人工")
        assert waiting.last_error == "ConnectionError: … 没有应答"
        assert backlog()["parked"][0]["key"] == "k"
        assert deliver(wrap(partner)) == 0
        clock.shift(3 * DAY)
        retry_parked(OPERATOR, message.pk)
        assert deliver(wrap(partner)) == 1
    assert partner.tried == tried + 1
    assert len(partner.got) == 1
    assert entries_of("outbox")[0]["actor"] == "o_sun"


def test_a_worker_that_slept_past_the_time_tries_a_whole_span_first() -> None:
    with time_machine.travel(START, tick=False) as clock:
        give()
        clock.shift(3 * DAY)
        partner = Partner(back=START + 3 * DAY + DAY / 2)
        run_until(clock, START + 4 * DAY, partner)
    assert len(partner.got) == 1


def test_the_wait_doubles_up_to_five_minutes_and_ends_by_time_not_by_count() -> None:
    waits = [next_attempt(START, START, n, DAY) for n in range(1, 12)]
    seconds = [(w - START).total_seconds() for w in waits if w]
    assert seconds == [5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300]
    late = START + DAY - dt.timedelta(seconds=1)
    assert next_attempt(START, late, 10_000, DAY) == late + LONGEST
    assert next_attempt(START, START + DAY, 1, DAY) is None


def test_an_operator_reads_why_without_anybodys_number() -> None:
    assert (
        words_of(ValueError("号码 411702198503040011 或 138-0000-0011 不对"))
        == "ValueError: 号码 … 或 … 不对"
    )


@time_machine.travel(START, tick=False)
def test_the_same_key_is_sent_once() -> None:
    give("same"), give("same"), give("other")
    partner = Partner()
    deliver(partner)
    assert sorted(key for key, _ in partner.got) == ["other", "same"]


@time_machine.travel(START, tick=False)
def test_one_failing_message_does_not_hold_up_the_others() -> None:
    give("bad", topic="nobody reads this"), give("good")
    partner = Partner()
    assert deliver(partner) == 2
    assert [key for key, _ in partner.got] == ["good"]
    assert [w.key for w in undelivered()] == ["bad"]


@time_machine.travel(START, tick=False)
def test_what_a_failing_handler_wrote_is_undone_and_the_attempt_is_counted() -> None:
    def half(key: str, payload: Mapping[str, Any]) -> None:
        record(ME, "half.done", stream="half")
        raise ValueError("the second half fails")

    give()
    deliver(half)
    assert not Entry.objects.filter(action="half.done").exists()
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts) == (OutboxState.WAITING, 1)


@pytest.mark.django_db(transaction=True)
def test_a_partner_is_called_in_no_transaction_and_a_reaction_in_one() -> None:
    seen: dict[str, bool] = {}

    def look(name: str) -> Handler:
        return lambda key, payload: seen.__setitem__(name, connection.in_atomic_block)

    give("a")
    deliver(Outside(look("outside")))
    give("b")
    deliver(look("together"))
    assert seen == {"outside": False, "together": True}


def test_a_worker_killed_while_a_partner_works_delivers_again_after_the_lease() -> None:
    class Killed(BaseException):
        pass

    def die(key: str, payload: Mapping[str, Any]) -> None:
        raise Killed

    with time_machine.travel(START, tick=False) as clock:
        give()
        with pytest.raises(Killed):
            deliver(Outside(die))
        partner = Partner()
        assert deliver(Outside(partner)) == 0, "it may still be on its way"
        clock.shift(LEASE)
        assert deliver(Outside(partner)) == 1
    assert len(partner.got) == 1


def test_a_slow_delivery_that_was_overtaken_does_not_mark_anothers_attempt() -> None:
    with time_machine.travel(START, tick=False) as clock:
        give()

        def slow(key: str, payload: Mapping[str, Any]) -> None:
            clock.shift(LEASE)
            deliver(Outside(Partner()))  # another worker takes it and succeeds
            raise TimeoutError("at last")

        deliver(Outside(slow))
    message = OutboxMessage.objects.get()
    assert (message.state, message.last_error) == (OutboxState.DONE, "")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["together", "outside"])
def test_workers_at_once_deliver_each_message_once(kind: str) -> None:
    partner = Partner()
    handler = Outside(partner) if kind == "outside" else partner
    for number in range(30):
        give(f"k{number}")

    def work(_: int) -> None:
        while deliver(handler, limit=1):
            pass

    at_once(4, work)
    assert Counter(key for key, _ in partner.got) == {f"k{n}": 1 for n in range(30)}
    assert backlog()["waiting"] == 0


@pytest.mark.django_db(transaction=True)
def test_a_message_goes_with_its_change_or_not_at_all() -> None:
    with pytest.raises(RuntimeError, match="同一事务"):
        send("text", "k", {})
    with transaction.atomic():
        send("text", "k", {})
        transaction.set_rollback(True)
    assert OutboxMessage.objects.count() == 0


def test_only_an_operator_sends_a_parked_message_again() -> None:
    message = give()
    with pytest.raises(Conflict, match="待发送"):
        retry_parked(OPERATOR, message.pk)
    with pytest.raises(NotFound):
        retry_parked(OPERATOR, message.pk + 1)
    auditor = Actor(ActorKind.OFFICER, "o_q", "钱督查", (Post(Role.AUDITOR),))
    for actor in (auditor, Actor(ActorKind.PERSON, "p_wang", "王芳")):
        with pytest.raises(NotAllowed):
            retry_parked(actor, message.pk)


def test_parked_messages_are_listed_first() -> None:
    give("a"), give("b")
    OutboxMessage.objects.filter(key="b").update(state=OutboxState.PARKED)
    assert [w.key for w in undelivered()] == ["b", "a"]
    assert [w.key for w in undelivered(limit=1)] == ["b"]
