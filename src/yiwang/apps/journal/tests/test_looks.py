# SPDX-License-Identifier: Apache-2.0
"""Who looked at what is somebody's: all of it, nobody else's, page by page, on both databases."""

from __future__ import annotations

import pytest
from django.db import transaction

from yiwang.apps.journal.public import Kinds, looks_page, record
from yiwang.kernel.actor import Actor, ActorKind

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

CLERK = Actor(ActorKind.OFFICER, "o_1", "李四")
ASKED = Kinds(("licence.", "present."), (".look", ".refused"), ("证照库",))


@transaction.atomic
def look(subject: str, action: str, *, provider: str = "") -> None:
    """One entry."""
    detail = {"provider": provider} if provider else {}
    record(CLERK, action, stream=f"s:{subject}", subject=subject, purpose="核对", basis="依据", detail=detail)


def actions(*subjects: str) -> list[str]:
    """What the first page says."""
    return [row.action for row in looks_page(subjects, ASKED).rows]


def test_only_looks_of_the_kinds_asked_for_newest_first() -> None:
    for action in ("licence.issued", "licence.own.look", "case.look", "present.refused", "present.begun"):
        look("p_1", action)
    look("p_1", "evidence.look", provider="证照库")
    look("p_1", "evidence.look", provider="别的库")
    assert actions("p_1") == ["evidence.look", "present.refused", "licence.own.look"]


def test_nobody_elses() -> None:
    look("p_1", "licence.own.look")
    look("p_2", "present.scan.look")
    look("f_1", "present.refused")
    assert actions("p_2") == ["present.scan.look"]
    assert actions("p_1", "f_1") == ["present.refused", "licence.own.look"]
    assert actions("p_3") == []


def test_pages_miss_nothing_and_repeat_nothing() -> None:
    for _ in range(7):
        look("p_1", "licence.own.look")
        look("p_2", "licence.own.look")
    seen, before, pages = [], None, 0
    while True:
        page = looks_page(["p_1"], ASKED, before=before, size=3)
        seen += [row.at for row in page.rows]
        before, pages = page.before, pages + 1
        if before is None:
            break
    assert (len(seen), len(set(seen)), pages) == (7, 7, 3)
    assert seen == sorted(seen, reverse=True)


def test_a_full_last_page_has_no_page_after_it() -> None:
    for _ in range(3):
        look("p_1", "licence.own.look")
    assert looks_page(["p_1"], ASKED, size=3).before is None
