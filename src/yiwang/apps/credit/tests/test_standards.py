# SPDX-License-Identifier: Apache-2.0
"""The standard of a list changes only after the public was asked and answered."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from yiwang.apps.catalogue.public import current, draft_release, publish_release, review_release
from yiwang.apps.credit import public as credit
from yiwang.engines.credit import CreditEntry
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from .conftest import Town, made, officer

DRAFTER, REVIEWER = system("起草"), system("复核")
STRICTER = "一年内因同一问题受到两次行政处罚"


def changed() -> Catalogue:
    """The catalogue with another standard of the watch list."""
    known = made()
    credits = dict(known.others["credit"])
    watch = credits["credit-watch"]
    assert isinstance(watch, CreditEntry)
    assert watch.entering is not None
    entering = watch.entering.model_copy(update={"standard": [STRICTER]})
    credits["credit-watch"] = watch.model_copy(update={"entering": entering})
    kinds = {name: getattr(known, name) for name in ("sources", "settings", "orgs", "places")}
    kinds |= dict(known.others) | {"credit": credits}
    return Catalogue.of(kinds, digest=digest_of(kinds))


def test_nothing_changes_before_everybody_was_asked_and_answered(
    town: Town, clock: time_machine.Traveller
) -> None:
    before = current().digest
    digest = draft_release(DRAFTER, changed(), summary="收紧重点关注名单的标准")
    review_release(REVIEWER, digest, approve=True)

    def refused() -> bool:
        with pytest.raises(Conflict, match="重点关注对象名单"):
            publish_release(DRAFTER, digest)
        return current().digest == before

    assert refused()
    transport = officer("t", "transport")
    (waiting,) = credit.standards_to_put_up(transport)
    assert (waiting.entry, waiting.standard.entering) == ("credit-watch", (STRICTER,))
    with pytest.raises(NotAllowed):
        credit.put_up(officer("h", "hrss"), "credit-watch", digest, why="收紧")
    with pytest.raises(Invalid):
        credit.put_up(transport, "credit-watch", digest, why=" ")
    asked = credit.put_up(transport, "credit-watch", digest, why="原来的标准没有写明次数")
    with pytest.raises(Conflict):
        credit.put_up(transport, "credit-watch", digest, why="再来一次")
    assert credit.standards_to_put_up(transport) == []
    with pytest.raises(NotAllowed):
        credit.comment_on(town.officer, asked, "应当写明一年怎么算")
    credit.comment_on(town.bosses[0], asked, "应当写明一年怎么算")
    with pytest.raises(Conflict):
        credit.comment_on(town.bosses[0], asked, "我再说一遍这个意见")
    own = credit.own_comment(town.bosses[0], asked)
    assert own is not None
    assert (own.words, own.answer) == ("应当写明一年怎么算", None)
    assert credit.own_comment(town.bosses[1], asked) is None
    assert refused()  # the time is not over
    clock.shift(dt.timedelta(days=31))
    with pytest.raises(Conflict):
        credit.comment_on(town.bosses[1], asked, "来晚了的一条意见")
    assert refused()  # a comment is not answered
    with pytest.raises(credit.NoSuchRecord):
        credit.comments_on(town.officer, asked)
    (said,) = credit.comments_on(transport, asked)
    with pytest.raises(credit.NoSuchRecord):
        credit.answer_comment(town.officer, said.id, taken=True, answer="已经在标准里写明")
    credit.answer_comment(transport, said.id, taken=False, answer="一年按作出决定的日期计算")
    with pytest.raises(Conflict):
        credit.answer_comment(transport, said.id, taken=True, answer="已经在标准里写明")
    (shown,) = credit.consultations()
    assert (shown.comments, shown.unanswered, shown.is_open) == (1, 0, False)
    assert [one.answer for one in shown.answers] == ["一年按作出决定的日期计算"]
    publish_release(DRAFTER, digest)
    assert current().digest == digest


def test_what_a_release_leaves_as_it_is_needs_no_asking(town: Town) -> None:
    with pytest.raises(Conflict):
        credit.put_up(officer("t", "transport"), "credit-watch", current().digest, why="没有改动的标准")
    assert credit.standards_to_put_up(officer("t", "transport")) == []
