# SPDX-License-Identifier: Apache-2.0
"""How a resource read in each release, told truly; the catalogue of today."""

from __future__ import annotations

import json
import zlib

import pytest
from django.apps import apps

from yiwang.apps.exchange.public import Filters, facets, resource, resources, versions, view
from yiwang.kernel.errors import Invalid, NotFound

from .conftest import Publish

ONE = "marriage-registration"


def test_versions_tell_what_each_release_changed(published: Publish) -> None:
    published("改为每周更新", marriage_registration={"cycle": "weekly"})
    published("另一个资源变了", marriage_registration={"cycle": "weekly"}, tax_returns=None)
    published("移出目录", marriage_registration=None)
    published("又列入", marriage_registration={"cycle": "monthly"})
    told = [
        (one.number, one.gone, [(c.what, c.before, c.after) for c in one.changes]) for one in versions(ONE)
    ]
    assert told == [
        (4, False, []),
        (3, True, []),
        (2, False, [("更新周期", "每日", "每周")]),
        (1, False, []),
    ]
    assert [one.summary for one in versions(ONE)][:2] == ["又列入", "移出目录"]
    with pytest.raises(NotFound):
        versions("nothing")


def test_a_past_release_that_was_changed_is_refused(published: Publish) -> None:
    digest = published("会被改动", marriage_registration={"cycle": "irregular"})
    published("现行", marriage_registration={"cycle": "yearly"})
    releases = apps.get_model("catalogue", "Release").objects  # behind the back of its room
    row = releases.get(digest=digest)
    stored = json.loads(zlib.decompress(bytes(row.content)))
    stored["definitions"]["exchange"][ONE]["condition"] = "谁都可以用"
    releases.filter(digest=digest).update(content=zlib.compress(json.dumps(stored).encode()))
    with pytest.raises(Invalid, match="可能被改动"):
        versions(ONE)


def test_the_catalogue_is_what_is_in_force(published: Publish) -> None:
    assert resource(ONE).provider == "civil-affairs"
    assert {one.id for one in resources(Filters(sharing="not_shared"))} == {"tax-returns"}
    assert facets().total == 3
    published("停用", marriage_registration={"valid_to": "2020-01-01"})
    assert ONE not in {one.id for one in resources()}
    for gone in (ONE, "nothing"):
        with pytest.raises(NotFound):
            resource(gone)
        with pytest.raises(NotFound):
            view(gone)
