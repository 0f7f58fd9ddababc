# SPDX-License-Identifier: Apache-2.0
"""A table is checked before it is opened: by its unit, whole, on record, kept nowhere."""

from __future__ import annotations

import pytest

from yiwang.apps.data_security import public as d
from yiwang.apps.journal.public import entries_of
from yiwang.engines.exchange import Mask, Resource, resources
from yiwang.kernel.actor import Actor, Post, Role
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound

from .conftest import appointed, made

Town = dict[str, Actor]


def of_people() -> Resource:
    """A resource about people with an item that nobody masks, open to everybody or not."""
    return next(
        one
        for one in resources(made()).values()
        if any(field.subject_id for field in one.fields)
        and any(field.mask is Mask.NONE and not field.key for field in one.fields)
    )


def column(resource: Resource, *, named: bool) -> str:
    """The name of an item that names somebody, or of one that does not."""
    return next(
        one.name
        for one in resource.fields
        if (one.subject_id if named else one.mask is Mask.NONE and not one.key and not one.subject_id)
    )


def test_groups_identifiers_and_the_openness_of_the_catalogue(town: Town) -> None:
    resource = of_people()
    plain, number = column(resource, named=False), column(resource, named=True)
    seen = d.check_opening(town["bureau"], resource.id, f"{plain}\n甲\n".encode())
    assert (seen.singling.rows, seen.singling.smallest, seen.may_open) == (1, 1, False)
    many = d.check_opening(town["bureau"], resource.id, f"{plain}\n".encode() + "甲\n".encode() * 5)
    assert many.singling.may_open
    assert many.may_open is (resource.openness is not None and not many.refused)
    both = f"{number},{plain}\n".encode() + "411702********001X,甲\n".encode() * 9
    named = d.check_opening(town["bureau"], resource.id, both)
    assert not named.singling.may_open
    assert not named.may_open


def test_an_excel_users_encoding_is_read_and_nonsense_is_not(town: Town) -> None:
    resource = of_people()
    plain = column(resource, named=False)
    chinese = (f"{plain}\n" + "甲\n" * 6).encode("gb18030")
    assert d.check_opening(town["bureau"], resource.id, chinese).singling.rows == 6
    for wrong in (b"", "别的列\n甲\n".encode(), b"\xff\xff\xff"):
        with pytest.raises(Invalid):
            d.check_opening(town["bureau"], resource.id, wrong)


def test_who_may_check_what_and_that_it_is_on_record(town: Town) -> None:
    resource = of_people()
    content = f"{column(resource, named=False)}\n甲\n".encode()
    for name in ("health clerk", "catalogue", "auditor of a county"):
        with pytest.raises(NotAllowed):
            d.check_opening(town[name], resource.id, content)
    with pytest.raises(NotFound):
        d.check_opening(town["bureau"], "no-such-resource", content)
    own = appointed("own", Post(Role.DATA, resource.provider))
    made_by = d.check_opening(own, resource.id, content)
    entry = entries_of(f"data-security:{resource.provider}")[-1]
    assert (entry["about"], entry["detail"]["rows"]) == (made_by.receipt, 1)
    assert "甲" not in str(entry["detail"])
