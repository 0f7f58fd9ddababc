# SPDX-License-Identifier: Apache-2.0
"""A licence stands as the law lets it stand, from the day it does; only its issuer changes that."""

from __future__ import annotations

import datetime as dt
import threading
from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from yiwang.apps.journal.public import entries_of
from yiwang.apps.licences.domain.states import usable, word
from yiwang.apps.licences.models import LicenceEvent
from yiwang.apps.licences.public import (
    EventKind,
    NewLicence,
    Standing,
    as_known_on,
    change_standing,
    history,
    issue,
    licence,
    withdraw_event,
)
from yiwang.kernel.actor import ANONYMOUS, Actor, ActorKind, Post, Role, system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, YiwangError

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

START = dt.date(2026, 1, 1)
END = dt.date(2036, 12, 31)
DAY = dt.timedelta(days=1)
SYSTEM = system("测试")
APPROVER = Actor(ActorKind.OFFICER, "o_sun", "孙审批", (Post(Role.APPROVER, "health", "yicheng"),))
WANG = Actor(ActorKind.PERSON, "p_wang", "王芳")
LEGAL = {
    (Standing.VALID, Standing.SUSPENDED),
    (Standing.VALID, Standing.REVOKED),
    (Standing.VALID, Standing.REPLACED),
    (Standing.SUSPENDED, Standing.VALID),
    (Standing.SUSPENDED, Standing.REVOKED),
}


def new(number: str = "A1", *, until: dt.date | None = END, replaces: str = "") -> NewLicence:
    return NewLicence(
        "food-licence", number, "p_wang", "health", START, until, {"shop-name": "甲"}, replaces=replaces
    )


def standing_as(before: Standing) -> str:
    public_id = issue(SYSTEM, new())
    if before is not Standing.VALID:
        change_standing(SYSTEM, public_id, before, reason="此前")
    return public_id


@pytest.mark.parametrize(("before", "after"), list(product(Standing, Standing)), ids=lambda s: s.value)
def test_only_the_changes_the_law_knows_are_made(before: Standing, after: Standing) -> None:
    public_id = standing_as(before)
    if (before, after) in LEGAL:
        change_standing(APPROVER, public_id, after, reason=" 检查发现 ", basis="某法第一条")
        assert licence(public_id).standing is after
        assert licence(public_id).standing_reason == "检查发现"
        last = history(public_id)[-1]
        assert (last.reason, last.basis, last.actor_name) == ("检查发现", "某法第一条", "孙审批")
        entry = entries_of(f"licence:{public_id}")[-1]
        assert entry["action"] == f"licence.{last.kind.value}"
        assert entry["detail"]["event"] == LicenceEvent.objects.order_by("-id")[0].digest
    else:
        with pytest.raises(Conflict, match=before.term):
            change_standing(APPROVER, public_id, after, reason="检查发现")
        assert licence(public_id).standing is before


def officer(*posts: Post) -> Actor:
    return Actor(ActorKind.OFFICER, "o_x", "某人", posts)


@pytest.mark.parametrize(
    "actor",
    [
        officer(Post(Role.APPROVER, "parks")),
        officer(Post(Role.HANDLER, "health")),
        officer(*(Post(r) for r in Role if r not in (Role.APPROVER, Role.REPRESENTATIVE))),
        WANG,
        ANONYMOUS,
    ],
    ids=["another department", "handler", "every other role", "holder", "nobody"],
)
def test_only_approvers_of_the_issuer_change_how_a_licence_stands(actor: Actor) -> None:
    public_id = issue(SYSTEM, new())
    with pytest.raises(NotAllowed):
        change_standing(actor, public_id, Standing.REVOKED, reason="x")
    assert licence(public_id).standing is Standing.VALID


def test_a_change_has_a_reason_and_a_licence() -> None:
    public_id = issue(SYSTEM, new())
    with pytest.raises(Invalid):
        change_standing(APPROVER, public_id, Standing.REVOKED, reason="  ")
    with pytest.raises(NotFound):
        change_standing(APPROVER, "l_nothing", Standing.REVOKED, reason="x")


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_revoke_at_once_one_does() -> None:
    public_id = issue(SYSTEM, new())
    start, outcomes = threading.Barrier(2), []

    def work(reason: str) -> None:
        start.wait()
        try:
            change_standing(APPROVER, public_id, Standing.REVOKED, reason=reason)
            outcomes.append("done")
        except YiwangError as error:
            outcomes.append(error.message)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"理由{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "证照现在是“撤销”，不能改为“撤销”。"]
    assert [event.kind for event in history(public_id)] == [EventKind.ISSUED, EventKind.REVOKED]


# -- two clocks


def test_what_takes_effect_later_is_not_true_before() -> None:
    public_id, today = issue(SYSTEM, new()), timezone.localdate()
    change_standing(APPROVER, public_id, Standing.SUSPENDED, reason="整改", effective_on=today + 5 * DAY)
    seen = licence(public_id)
    assert (seen.standing, seen.coming, seen.usable_on(today)) == (Standing.VALID, Standing.SUSPENDED, True)
    later = as_known_on(public_id, today + 5 * DAY, today)
    assert later is not None
    assert (later.word, later.usable) == ("暂停", False)
    with pytest.raises(Conflict, match="还没有生效"):
        change_standing(APPROVER, public_id, Standing.VALID, reason="x", effective_on=today + 9 * DAY)
    with pytest.raises(Conflict, match="不能再登记更早"):
        change_standing(APPROVER, public_id, Standing.SUSPENDED, reason="x")
    change_standing(APPROVER, public_id, Standing.REVOKED, reason="查实", effective_on=today)
    assert (licence(public_id).standing, licence(public_id).coming) == (Standing.REVOKED, None)


def test_a_revocation_reaches_back_to_the_beginning_but_what_was_known_before_stays_known() -> None:
    public_id, today = issue(SYSTEM, new()), timezone.localdate()
    change_standing(APPROVER, public_id, Standing.SUSPENDED, reason="整改")
    before = timezone.now()
    change_standing(APPROVER, public_id, Standing.REVOKED, reason="骗取许可", effective_on=START)
    then, now = as_known_on(public_id, today, before), as_known_on(public_id, today, today)
    assert then is not None
    assert now is not None
    assert (then.standing, now.standing, now.since) == (Standing.SUSPENDED, Standing.REVOKED, START)
    early = as_known_on(public_id, START + DAY, before)
    assert early is not None
    assert early.usable
    assert as_known_on(public_id, today, START) is None
    with pytest.raises(Conflict, match="早于证照生效"):
        change_standing(
            SYSTEM, issue(SYSTEM, new("B")), Standing.REVOKED, reason="x", effective_on=START - DAY
        )


def test_a_wrong_record_is_withdrawn_and_stays_in_the_history() -> None:
    public_id = issue(SYSTEM, new())
    change_standing(APPROVER, public_id, Standing.REVOKED, reason="看错了证号")
    before = timezone.now()
    with pytest.raises(NotAllowed):
        withdraw_event(officer(Post(Role.APPROVER, "parks")), public_id, 2, reason="x")
    with pytest.raises(Invalid):
        withdraw_event(APPROVER, public_id, 2, reason=" ")
    withdraw_event(APPROVER, public_id, 2, reason="撤销的是另一件")
    assert (licence(public_id).standing, licence(public_id).standing_reason) == (Standing.VALID, "")
    assert [e.kind.value for e in history(public_id)] == ["issued", "revoked", "corrected"]
    then = as_known_on(public_id, timezone.localdate(), before)
    assert then is not None
    assert then.standing is Standing.REVOKED
    for seq in (1, 2, 3):
        with pytest.raises(Conflict):
            withdraw_event(APPROVER, public_id, seq, reason="x")
    with pytest.raises(NotFound):
        withdraw_event(APPROVER, public_id, 9, reason="x")


def test_a_licence_takes_the_place_of_another_of_the_same_type_and_holder() -> None:
    old = issue(SYSTEM, new("1"))
    fresh = issue(SYSTEM, new("2", replaces=old))
    assert (licence(old).standing, licence(fresh).standing) == (Standing.REPLACED, Standing.VALID)
    assert history(old)[-1].facts == {"by": fresh}
    for replaces in (old, "l_nothing"):
        with pytest.raises(YiwangError):
            issue(SYSTEM, new("3", replaces=replaces))
    other = issue(SYSTEM, NewLicence("id-card", "1", "p_wang", "health", START))
    with pytest.raises(Conflict, match="不同"):
        issue(SYSTEM, new("3", replaces=other))
    assert licence(other).standing is Standing.VALID


def test_the_end_of_the_term_is_computed_and_told() -> None:
    public_id = issue(SYSTEM, new(until=START + DAY))
    last = history(public_id)[-1]
    assert (last.kind, last.effective_on, last.seq) == (EventKind.EXPIRED, START + 2 * DAY, 0)
    assert licence(public_id).word == "已过期"
    assert LicenceEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("standing", "day", "says"),
    [
        (Standing.VALID, START - DAY, "尚未生效"),
        (Standing.VALID, START, "有效"),
        (Standing.VALID, END, "有效"),
        (Standing.VALID, END + DAY, "已过期"),
        (Standing.REVOKED, END + DAY, "撤销"),
    ],
)
def test_how_a_licence_stands_is_one_word(standing: Standing, day: dt.date, says: str) -> None:
    assert word(standing, START, END, day) == says


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("until", [END, None], ids=["ends", "no end"])
def test_only_good_standing_between_its_dates_is_usable(standing: Standing, until: dt.date | None) -> None:
    day = dt.timedelta(days=1)
    verdicts = {d: usable(standing, START, until, d) for d in (START - day, START, END, END + day)}
    good = standing is Standing.VALID
    assert verdicts == {START - day: False, START: good, END: good, END + day: good and until is None}
