# SPDX-License-Identifier: Apache-2.0
"""The tree is that of RFC 6962 with SM3: every leaf has its path, nothing else has."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.journal.domain.merkle import Step, climb, leaf_hash, node_hash, path_of, root_of, sm3

LEAVES = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def by_the_book(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""

    def digest(data: bytes) -> bytes:
        return hashlib.new("sm3", data).digest()

    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return digest(b"\x00" + leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return digest(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:]))


def test_sm3_is_that_of_the_standard() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("size", range(70))
def test_the_root_read_once_is_the_root_of_the_book(size: int) -> None:
    leaves = [bytes([n]) for n in range(size)]
    assert root_of(iter(leaves)) == by_the_book(leaves)


@given(LEAVES, st.data())
def test_every_leaf_climbs_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert climb(leaves[index], path_of(leaves, index)) == root_of(leaves)


@given(LEAVES, st.binary(max_size=40), st.data())
def test_no_other_leaf_climbs_to_the_root(leaves: list[bytes], other: bytes, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    reached = climb(other, path_of(leaves, index))
    assert (reached == root_of(leaves)) == (other == leaves[index])


def test_every_change_of_the_leaves_is_another_root() -> None:
    leaves = [bytes([n]) for n in range(9)]
    changed = [[*leaves[:i], b"x", *leaves[i + 1 :]] for i in range(9)]
    without = [leaves[:i] + leaves[i + 1 :] for i in range(9)]
    swapped = [[*leaves[:i], b, a, *leaves[i + 2 :]] for i, (a, b) in enumerate(pairwise(leaves))]
    roots = {root_of(one) for one in [leaves, *changed, *without, *swapped, [*leaves, b"x"]]}
    assert len(roots) == 1 + 9 + 9 + 8 + 1


def test_a_node_does_not_pass_for_a_leaf() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert root_of([b"a", b"b"]) == node_hash(left, right)
    assert leaf_hash(left + right) != node_hash(left, right)
    assert climb(b"a", [Step(True, right)]) != climb(b"a", [Step(False, right)])


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        path_of([b"a", b"b", b"c"], index)
