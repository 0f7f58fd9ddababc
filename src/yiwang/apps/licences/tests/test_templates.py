# SPDX-License-Identifier: Apache-2.0
"""A template is handed in, approved by somebody else, hung up, used, superseded."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import pytest
from django.conf import settings
from django.utils import timezone

from support.city import definitions, publish
from yiwang.apps.licences.domain.template_states import TemplateLevel, TemplateState
from yiwang.apps.licences.models import TemplateVersion
from yiwang.apps.licences.template_views import (
    downloads,
    template_text,
    template_view,
    templates_seen_by,
)
from yiwang.apps.licences.templates import (
    hand_in_template,
    publish_template,
    review_template,
    template_by_id,
    template_for,
    templates_on,
)
from yiwang.apps.licences.tests.stock_support import BUREAU, KEEPER, ORG, STRANGER
from yiwang.engines.definitions import DefinitionErrors
from yiwang.engines.definitions.single import read_template
from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = [pytest.mark.storage, pytest.mark.django_db]

MATERIAL = "retirement-certificate"
TODAY = timezone.localdate
SECOND = Actor(ActorKind.OFFICER, "o_second", "大数据局乙", (Post(Role.DATA),))


@pytest.fixture(autouse=True)
def release() -> None:
    publish()


def text(version: int = 2, changed: Mapping[str, str] | None = None) -> bytes:
    """The catalogue's template as a later version; `changed` replaces words in it."""
    path = settings.DEFINITIONS_DIR / "national" / "templates" / f"{MATERIAL}.yaml"
    raw = path.read_text(encoding="utf-8").replace("version: 1", f"version: {version}")
    raw = raw.replace(f"id: {MATERIAL}-1", f"id: {MATERIAL}-{version}")
    for before, after in (changed or {}).items():
        assert before in raw
        raw = raw.replace(before, after)
    return raw.encode()


def handed_in(version: int = 2, *, level: TemplateLevel = TemplateLevel.CITY) -> str:
    actor = BUREAU if level is TemplateLevel.PROVINCE else KEEPER
    return hand_in_template(actor, org=ORG, raw=text(version), file="退休证.yaml", level=level)


def in_use(version: int = 2, *, level: TemplateLevel = TemplateLevel.CITY) -> str:
    public_id = handed_in(version, level=level)
    review_template(SECOND, public_id, approve=True)
    publish_template(BUREAU, public_id)
    return public_id


def version_used(on: dt.date | None = None) -> int:
    template = template_for(MATERIAL, on or TODAY())
    assert template is not None
    assert templates_on(on or TODAY())[MATERIAL] == template
    return template.version


def test_what_was_approved_and_hung_up_is_used_until_the_next_one() -> None:
    assert version_used() == 1
    first = handed_in()
    assert version_used() == 1
    review_template(SECOND, first, approve=True)
    assert downloads() == []
    publish_template(BUREAU, first)
    assert version_used() == 2
    in_use(3)
    assert version_used() == 3
    assert [one.version for one in downloads()] == [3]
    assert {one.version: one.state for one in templates_seen_by(BUREAU)} == {
        2: TemplateState.SUPERSEDED,
        3: TemplateState.PUBLISHED,
    }
    TemplateVersion.objects.filter(version=2).update(published_on=dt.date(2026, 1, 1))
    TemplateVersion.objects.update(superseded_on=None)
    TemplateVersion.objects.filter(version=2).update(superseded_on=TODAY())
    assert version_used(dt.date(2026, 3, 1)) == 2
    known = template_by_id(f"{MATERIAL}-2")
    assert known is not None
    assert known.version == 2
    assert template_by_id("nothing") is None


def test_nobody_approves_what_they_handed_in() -> None:
    own = hand_in_template(BUREAU, org=ORG, raw=text(), file="a.yaml")
    with pytest.raises(NotAllowed, match="自己"):
        review_template(BUREAU, own, approve=True)
    with pytest.raises(NotAllowed):
        review_template(KEEPER, own, approve=True)
    with pytest.raises(Conflict):
        publish_template(BUREAU, own)


def test_what_is_sent_back_says_why_and_may_come_again() -> None:
    public_id = handed_in()
    with pytest.raises(Invalid, match="原因"):
        review_template(SECOND, public_id, approve=False)
    review_template(SECOND, public_id, approve=False, words="印章位置偏了")
    assert template_view(KEEPER, public_id).words == "印章位置偏了"
    assert template_view(BUREAU, handed_in()).state is TemplateState.SUBMITTED


@pytest.mark.parametrize(
    ("raw", "line", "word"),
    [
        (b"id: [", "x.yaml:1", ""),
        (text(changed={"element: resident-name": "element: resident-nam"}), "x.yaml:", "fields"),
        (text(changed={"seal: {": "sael: {"}), "x.yaml:", "sael"),
        (text(changed={"doc: guofa-1978-104": "doc: no-such-source"}), "x.yaml:", "no-such-source"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_line(raw: bytes, line: str, word: str) -> None:
    with pytest.raises(DefinitionErrors) as told:
        hand_in_template(KEEPER, org=ORG, raw=raw, file="x.yaml")
    lines = [str(problem) for problem in told.value.problems]
    assert any(one.startswith(line) and word in one for one in lines)
    assert TemplateVersion.objects.count() == 0


def test_a_version_or_an_id_that_is_known_is_refused() -> None:
    with pytest.raises(Invalid, match="version"):
        hand_in_template(KEEPER, org=ORG, raw=text(1).replace(b"certificate-1", b"certificate-9"), file="a")
    handed_in(2)
    with pytest.raises(Invalid, match="请把 version 改成 3"):
        handed_in(2)
    again = text(2).replace(b"version: 2", b"version: 3")
    with pytest.raises(Conflict, match="编号"):
        hand_in_template(KEEPER, org=ORG, raw=again, file="a")


def test_a_city_draws_none_of_its_own_beside_the_provinces() -> None:
    in_use(2, level=TemplateLevel.PROVINCE)
    with pytest.raises(Conflict, match="全省统一"):
        handed_in(3)
    assert in_use(3, level=TemplateLevel.PROVINCE)


def test_only_the_issuing_department_hands_in_and_sees() -> None:
    with pytest.raises(NotAllowed):
        hand_in_template(STRANGER, org=ORG, raw=text(), file="a")
    with pytest.raises(NotAllowed, match="不由这个单位"):
        hand_in_template(STRANGER, org="health", raw=text(), file="a")
    with pytest.raises(NotAllowed):
        hand_in_template(KEEPER, org=ORG, raw=text(), file="a", level=TemplateLevel.PROVINCE)
    public_id = handed_in()
    with pytest.raises(NotFound):
        template_text(STRANGER, public_id)
    review_template(SECOND, public_id, approve=True)
    publish_template(BUREAU, public_id)
    assert template_text(STRANGER, public_id).encode() == text()


def test_a_release_with_a_higher_version_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    in_use(2)
    newer = read_template(text(5), definitions(), file="a")
    catalogue = dataclasses.replace(definitions(), templates={newer.id: newer})
    monkeypatch.setattr("yiwang.apps.licences.templates._in_force", lambda: catalogue)
    assert version_used() == 5
