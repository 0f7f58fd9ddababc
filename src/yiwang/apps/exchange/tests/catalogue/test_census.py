# SPDX-License-Identifier: Apache-2.0
"""The census: a draft kept as typed, handed in when complete, taken into a file or sent back."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange.domain.census import CensusState
from yiwang.apps.exchange.public import (
    EntryView,
    NoSuchEntry,
    answer_entry,
    entries,
    entry,
    entry_yaml,
    hand_in,
    save_entry,
)
from yiwang.engines.definitions import DefinitionErrors
from yiwang.engines.exchange.drafting import read_resource
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed

from .conftest import BUREAU, CITE, HANDLER, HEALTH, OTHER

pytestmark = pytest.mark.usefixtures("published")
DRAFT: dict[str, Any] = {
    "name": "医疗机构执业登记信息",
    "summary": "医疗机构的名称、地址和诊疗科目。",
    "subject": "firm",
    "library": "department",
    "sharing": "unconditional",
    "grade": "general_1",
    "cycle": "monthly",
    "fields": [
        {
            "id": "item-1",
            "name": "登记号",
            "type": "uscc",
            "grade": "general_1",
            "key": True,
            "subject_id": True,
        },
        {"id": "item-2", "name": "名称: 'x'\n# 全称", "type": "text", "grade": "general_1", "mask": "none"},
    ],
    "cite": CITE,
}


def look(identity: str, actor: Actor = BUREAU) -> EntryView:
    """The draft as it stands."""
    found = entry(actor, identity)
    assert found is not None
    return found


def handed_in(**changed: Any) -> str:
    """A draft that waits for the bureau."""
    identity = save_entry(HEALTH, "health", {**DRAFT, **changed})
    hand_in(HEALTH, identity, version=1)
    return identity


def test_a_taken_draft_is_a_definitions_file() -> None:
    identity = handed_in()
    answer_entry(BUREAU, identity, take=True, version=2, resource="medical-institutions")
    assert look(identity).state is CensusState.TAKEN
    assert not look(identity).in_catalogue
    resource = read_resource(entry_yaml(HEALTH, identity).encode(), current().catalogue, file="x.yaml")
    assert (resource.id, resource.provider) == ("medical-institutions", "health")
    assert resource.fields[1].name == "名称: 'x'\n# 全称"


def test_a_half_filled_draft_is_kept_and_not_handed_in() -> None:
    identity = save_entry(HEALTH, "health", {"name": "还没想好"})
    with pytest.raises(DefinitionErrors) as told:
        hand_in(HEALTH, identity, version=1)
    assert len(told.value.problems) >= 5
    assert look(identity).state is CensusState.DRAFT
    save_entry(HEALTH, "health", DRAFT, entry=identity, version=1)
    hand_in(HEALTH, identity, version=2)
    assert look(identity).state is CensusState.HANDED_IN


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"grade": "机密"}, "涉密数据不进入本平台"),
        ({"provider": "education", "library": "theme"}, "主题"),
        ({"sharing": "not_shared", "not_shared": {"doc": "setting", "at": "第一条"}}, "不能据以不予共享"),
        ({"answers": ["nothing"]}, "没有编号为“nothing”"),
        ({"fields": []}, "fields"),
    ],
)
def test_a_draft_that_does_not_fit_is_told(changed: dict[str, Any], what: str) -> None:
    with pytest.raises(DefinitionErrors, match=what):
        handed_in(**changed)


def test_a_department_drafts_for_itself_only() -> None:
    for actor in (OTHER, HANDLER, BUREAU):
        with pytest.raises(NotAllowed):
            save_entry(actor, "health", DRAFT)
    identity = save_entry(HEALTH, "health", {**DRAFT, "provider": "education"})
    assert look(identity).draft["provider"] == "health"
    assert entry(OTHER, identity) is None
    assert [one.id for one in entries(BUREAU)] == [identity]
    assert entries(OTHER) == entries(HANDLER) == []
    for call in (
        lambda: save_entry(OTHER, "education", DRAFT, entry=identity, version=1),
        lambda: hand_in(OTHER, identity, version=1),
        lambda: entry_yaml(OTHER, identity),
        lambda: entry_yaml(BUREAU, "census_nothing"),
    ):
        with pytest.raises(NoSuchEntry):
            call()


def test_what_is_sent_back_says_why_and_may_be_mended() -> None:
    identity = handed_in()
    with pytest.raises(Invalid):
        answer_entry(BUREAU, identity, take=False, version=2, words=" ")
    with pytest.raises(NotAllowed):
        answer_entry(HEALTH, identity, take=True, version=2, resource="x")
    answer_entry(BUREAU, identity, take=False, version=2, words="缺诊疗科目")
    assert look(identity).words == "缺诊疗科目"
    with pytest.raises(Conflict):
        answer_entry(BUREAU, identity, take=True, version=3, resource="x")
    save_entry(HEALTH, "health", DRAFT, entry=identity, version=3)
    hand_in(HEALTH, identity, version=4)
    with pytest.raises(Conflict):
        save_entry(HEALTH, "health", DRAFT, entry=identity, version=5)


@pytest.mark.parametrize("taken", ["tax-returns", "Ä B", "", "../x", "medical"])
def test_an_id_is_given_once(taken: str) -> None:
    answer_entry(BUREAU, handed_in(), take=True, version=2, resource="medical")
    second = handed_in()
    with pytest.raises(Invalid):
        answer_entry(BUREAU, second, take=True, version=2, resource=taken)
    assert look(second).state is CensusState.HANDED_IN


def test_a_stale_page_and_a_far_too_long_draft_are_refused() -> None:
    identity = save_entry(HEALTH, "health", DRAFT)
    save_entry(HEALTH, "health", DRAFT, entry=identity, version=1)
    with pytest.raises(Conflict, match="刚刚有变化"):
        save_entry(HEALTH, "health", DRAFT, entry=identity, version=1)
    with pytest.raises(Invalid, match="太长"):
        save_entry(HEALTH, "health", {**DRAFT, "summary": "长" * 200_000})
