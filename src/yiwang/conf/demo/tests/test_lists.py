# SPDX-License-Identifier: Apache-2.0
"""A sample city of an earlier version: its lists of commitments go the way they would go in a real one."""

from __future__ import annotations

import pytest

from support.around_commitments import ITEM, with_proof_of
from support.city import OFFICE, definitions
from yiwang.apps.catalogue.public import current_digest
from yiwang.apps.commitments import public as commitments
from yiwang.apps.identity import public as identity
from yiwang.conf.demo.city import publish
from yiwang.conf.demo.offices import BUREAU
from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.kernel.actor import Post, Role, system


def _older() -> Catalogue:
    """Of the definitions only what lists need: they are written down in a moment."""
    known = definitions()
    of_office = next(one.id for one in known.items.values() if one.org == OFFICE and one.materials)
    folders = {key: known.folders()[key] for key in ("orgs", "materials", "sources", "settings", "places")}
    folders["items"] = {key: known.items[key] for key in (ITEM, of_office)}
    return Catalogue.of(folders, digest=digest_of(folders))


@pytest.mark.django_db
def test_an_older_city_has_its_changed_list_reviewed_before_the_new_release() -> None:
    two = [identity.NewOfficer(name, BUREAU, (Post(Role.CATALOGUE),)) for name in ("目录甲", "目录乙")]
    identity.load_officers(system("测试准备"), two)
    older = _older()
    newer = with_proof_of(older, OFFICE)
    assert publish(older) == current_digest(), "the first lists of a city were in use before it"
    assert publish(newer) == current_digest() == newer.digest
    (changed,) = [one for one in commitments.lists_in_force() if one.org == OFFICE]
    terms = [step.term for step in changed.steps]
    assert terms == ["部门编制、报送", "司法行政部门审核", "市政府审定", "向社会公布"]
    assert publish(newer) == current_digest(), "nothing changed, nothing to do"
