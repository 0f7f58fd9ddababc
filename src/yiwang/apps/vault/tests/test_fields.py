# SPDX-License-Identifier: Apache-2.0
"""Locked columns behave like others, bind to their place, and fail closed."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet

from ..domain.envelope import Sealed
from ..fields import Closed
from ..public import EncryptedTextField, blind_index
from .kept import NUMBER, Kept, make, put, raw

pytestmark = pytest.mark.usefixtures("table")


def rows() -> QuerySet[Kept]:
    return Kept.objects.order_by("id")


@pytest.mark.storage
def test_what_is_written_is_read() -> None:
    make(plan={"days": 3, "words": "\ud800"})
    Kept.objects.bulk_create([Kept(public_id="p-2", number="x", phone="", plan=None)])
    one, two = rows()
    assert (one.number, one.phone, one.said["姓名"]) == (NUMBER, "13800001234", "王小明")
    assert (one.plan, one.paper) == ({"days": 3, "words": "\ud800"}, b"\x00\xff")
    assert (two.number, two.phone, two.said, two.plan, two.paper) == ("x", "", {}, None, b"")
    assert list(rows().filter(plan__isnull=True).values_list("public_id", flat=True)) == ["p-2"]
    assert list(rows().values_list("phone", flat=True)) == ["13800001234", ""]


@pytest.mark.storage
def test_a_changed_value_is_saved_and_an_unread_one_is_left_as_it_was() -> None:
    make()
    before = raw("number"), raw("said")
    one = rows().get()
    one.said["更正"] = True
    one.save()
    assert raw("number") == before[0]
    assert raw("said") != before[1]
    one.refresh_from_db()
    assert one.said["更正"] is True
    assert rows().only("id").get().number == NUMBER
    rows().update(phone="13911112222")
    assert rows().get().phone == "13911112222"


def test_nothing_can_be_read_where_it_lies_and_equal_values_look_different() -> None:
    make()
    make("p-2")
    kept = [str(raw(column, row)) for column in ("number", "phone", "said") for row in ("p-1", "p-2")]
    assert not [one for one in kept if NUMBER in one or "13800001234" in one or "王小明" in one]
    assert len(set(kept)) == len(kept)


def test_many_values_closed_in_one_go_open_like_any_other() -> None:
    make()
    phone = Kept._meta.get_field("phone")
    close = phone.closing()
    kept = [close("13800001234"), close("13800001234")]
    assert kept[0] != kept[1]
    assert [phone.opened(one) for one in kept] == ["13800001234", "13800001234"]
    assert close("") == ""
    put("phone", kept[0], "p-1")
    assert rows().get().phone == "13800001234"
    with pytest.raises(TypeError, match="bound to its row"):
        Kept._meta.get_field("number").closing()


def test_a_value_copied_to_another_row_or_column_does_not_open() -> None:
    make()
    make("p-2", number="412801199001015678")
    put("number", raw("number", "p-1"), "p-2")
    with pytest.raises(Sealed, match=r"vault_tests_kept\.number"):
        _ = rows().get(public_id="p-2").number
    put("phone", raw("number", "p-1"), "p-1")
    with pytest.raises(Sealed, match=r"vault_tests_kept\.phone"):
        list(rows().filter(public_id="p-1"))


@pytest.mark.parametrize("spoilt", [NUMBER, "yv1.00000000.AAAA", "yv1.", "yv1.zzzzzzzz.AAAA"])
def test_what_was_not_locked_by_us_is_not_believed(spoilt: str) -> None:
    make()
    put("number", spoilt)
    with pytest.raises(Sealed):
        _ = rows().get().number


def test_a_changed_byte_is_noticed() -> None:
    make()
    stored = str(raw("number"))
    put("number", stored[:-5] + ("A" if stored[-5] != "A" else "B") + stored[-4:])
    with pytest.raises(Sealed) as caught:
        _ = rows().get().number
    assert "p-1" not in str(caught.value)


def test_a_locked_column_cannot_be_searched_indexed_or_set_without_its_row() -> None:
    make()
    with pytest.raises(TypeError, match="blind index"):
        rows().filter(number=NUMBER)
    with pytest.raises(TypeError, match="blind index"):
        rows().filter(phone__contains="0000")
    make("p-9", phone="")
    assert rows().exclude(phone="").get().public_id == "p-1"
    assert rows().filter(phone="").get().public_id == "p-9"
    with pytest.raises(TypeError, match="blind index"):
        EncryptedTextField(unique=True)
    with pytest.raises(TypeError, match="bound to its row"):
        rows().update(number="1")
    with pytest.raises(TypeError, match="bound to its row"):
        Kept(number="1").save()
    assert isinstance(rows().values_list("number", flat=True)[0], Closed)
    with pytest.raises(ValueError, match="at most 18"):
        make("p-3", number="1" * 19)


def test_a_blind_index_is_equal_for_equal_values_of_one_purpose_only() -> None:
    one = blind_index(NUMBER, purpose="identity.person")
    assert one == blind_index(NUMBER, purpose="identity.person")
    assert len(one) == 64
    assert one not in {blind_index(NUMBER, purpose="seals"), blind_index("1", purpose="identity.person")}
