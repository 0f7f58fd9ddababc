# SPDX-License-Identifier: Apache-2.0
"""One encoding of each value is taken, and no other."""

from __future__ import annotations

import datetime as dt

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.sealing import der
from yiwang.engines.sealing.der import DerError, Reader


@given(st.integers(-(2**200), 2**200))
def test_integers(value: int) -> None:
    written = der.integer(value)
    assert written == core.Integer(value).dump()
    assert Reader(written).integer() == value


@given(st.binary(max_size=70_000))
def test_octets(value: bytes) -> None:
    written = der.octets(value)
    assert written == core.OctetString(value).dump()
    assert Reader(written).octets() == value


@given(st.lists(st.integers(0, 2**40), max_size=8), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers(rest: list[int], first: int, second: int) -> None:
    dotted = ".".join(map(str, [first, second, *rest]))
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()
    assert Reader(der.oid(dotted)).oid() == dotted


@given(st.integers(-30_000_000_000, 250_000_000_000), st.integers(0, 999_999), st.integers(-12, 14))
def test_times_keep_the_moment(seconds: int, micro: int, hours: int) -> None:
    there = dt.timezone(dt.timedelta(hours=hours))
    moment = dt.datetime.fromtimestamp(seconds, there).replace(microsecond=micro)
    assert Reader(der.generalized_time(moment)).generalized_time() == moment.replace(microsecond=0)


@given(st.text(max_size=200))
def test_text(value: str) -> None:
    value = value.encode("utf-8", "ignore").decode()
    assert Reader(der.utf8(value)).utf8() == value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0200", "integer"),
        ("02020001", "integer"),
        ("0202ff80", "integer"),
        ("02810101", "integer"),
        ("0280010000", "integer"),
        ("01010a", "boolean"),
        ("0102ffff", "boolean"),
        ("030103", "bits"),
        ("0300", "bits"),
        ("03020180", "bits"),
        ("06028001", "oid"),
        ("060181", "oid"),
        ("0600", "oid"),
        ("0c02c328", "utf8"),
        ("160180", "ia5"),
        ("130180", "printable"),
        ("180d32303236303130313030303030", "generalized_time"),
        ("180f32303236313330313030303030305a", "generalized_time"),
        ("18113230323630313031303030303030302e355a", "generalized_time"),
        ("170d3939393930313031303030305a", "utc_time"),
        ("0405aabb", "octets"),
        ("048400000001aa", "octets"),
        ("1f0100", "octets"),
        ("30", "sequence"),
        ("", "sequence"),
    ],
)
def test_another_encoding_is_refused(written: str, read: str) -> None:
    with pytest.raises(DerError):
        getattr(Reader(bytes.fromhex(written)), read)()


@pytest.mark.parametrize("year", ["491231235959Z", "500101000000Z"])
def test_two_digit_years_turn_at_fifty(year: str) -> None:
    moment = Reader(der.field(der.UTC_TIME, year.encode())).utc_time()
    assert moment.year == (2049 if year.startswith("49") else 1950)


def test_a_whole_value_is_checked_to_the_last_leaf() -> None:
    good = der.sequence(der.integer(5), der.sequence(der.oid("1.2.3"), der.octets(b"x")))
    der.check(good)
    for bad in (good + b"\x00", good[:-1], b"", good.replace(b"\x02\x01\x05", b"\x02\x01")):
        with pytest.raises(DerError):
            der.check(bad)


def test_deep_nesting_is_refused_and_costs_nothing() -> None:
    deep = b""
    for _ in range(3_000):
        deep = der.sequence(deep)
    with pytest.raises(DerError, match="嵌套"):
        der.check(deep)


@given(st.binary(max_size=60))
def test_any_bytes_read_or_raise(rubbish: bytes) -> None:
    try:
        der.check(rubbish)
    except DerError:
        return
    try:
        read = core.load(rubbish, strict=True)
    except ValueError:  # a tag that the other library does not know: it has no opinion
        return
    assert read.dump() == rubbish
