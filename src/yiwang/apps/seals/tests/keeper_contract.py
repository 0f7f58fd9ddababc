# SPDX-License-Identifier: Apache-2.0
"""What any keeper of keys must do. A new keeper's tests subclass `KeeperContract` and give `keeper`."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

from yiwang.apps.seals.domain.keeping import KeyKeeper, KeyLocked, NoSuchKey, WrongPassphrase
from yiwang.apps.seals.domain.passphrases import Limits
from yiwang.engines.sealing import PublicKey
from yiwang.kernel.errors import Conflict, Invalid

LIMITS = Limits(tries=3, minutes=30)
RIGHT, WRONG, NEW = "一个够长的口令-1", "错的口令-2", "换过的口令-3"
MESSAGE = "盖章内容".encode()


class KeeperContract:
    """The tests; `keeper` is given by the subclass, empty for each test."""

    @pytest.fixture
    def key(self, keeper: KeyKeeper) -> str:
        """A key that is there."""
        keeper.generate("k_1", RIGHT)
        return "k_1"

    def test_a_key_signs_what_its_public_half_verifies(self, keeper: KeyKeeper) -> None:
        point = keeper.generate("k_1", RIGHT)
        assert keeper.public_key("k_1") == point
        sign = keeper.signer("k_1", RIGHT, LIMITS)
        assert PublicKey(point).verify(MESSAGE, sign(MESSAGE))
        assert not PublicKey(point).verify(MESSAGE + b"!", sign(MESSAGE))

    def test_two_keys_are_two(self, keeper: KeyKeeper) -> None:
        assert keeper.generate("k_1", RIGHT) != keeper.generate("k_2", RIGHT)

    def test_a_key_is_never_overwritten(self, keeper: KeyKeeper, key: str) -> None:
        point = keeper.public_key(key)
        with pytest.raises(Conflict):
            keeper.generate(key, NEW)
        assert keeper.public_key(key) == point
        keeper.signer(key, RIGHT, LIMITS)

    @pytest.mark.parametrize("name", ["../x", "a/b", "", "K", "a" * 61, ".hidden", "a\0b"])
    def test_no_name_leads_elsewhere(self, keeper: KeyKeeper, name: str) -> None:
        with pytest.raises(Invalid):
            keeper.generate(name, RIGHT)

    @pytest.mark.parametrize("given", [WRONG, "", RIGHT + " ", RIGHT[:-1]])
    def test_only_the_passphrase_opens_it(self, keeper: KeyKeeper, key: str, given: str) -> None:
        with pytest.raises(WrongPassphrase) as told:
            keeper.signer(key, given, LIMITS)
        assert RIGHT not in str(told.value)
        assert given == "" or given not in str(told.value)

    def test_wrong_ones_lock_it_and_time_unlocks_it(self, keeper: KeyKeeper, key: str) -> None:
        for _ in range(LIMITS.tries):
            with pytest.raises(WrongPassphrase):
                keeper.signer(key, WRONG, LIMITS)
        with pytest.raises(KeyLocked):
            keeper.signer(key, RIGHT, LIMITS)
        with pytest.raises(KeyLocked):
            keeper.change_passphrase(key, RIGHT, NEW, LIMITS)
        later = timezone.now() + dt.timedelta(minutes=LIMITS.minutes, seconds=1)
        with patch.object(timezone, "now", return_value=later):
            keeper.signer(key, RIGHT, LIMITS)

    def test_a_right_one_in_between_forgets_the_wrong_ones(self, keeper: KeyKeeper, key: str) -> None:
        for _ in range(2 * LIMITS.tries):
            with pytest.raises(WrongPassphrase):
                keeper.signer(key, WRONG, LIMITS)
            keeper.signer(key, RIGHT, LIMITS)

    def test_a_wrong_old_passphrase_changes_nothing_and_counts(self, keeper: KeyKeeper, key: str) -> None:
        for _ in range(LIMITS.tries):
            with pytest.raises(WrongPassphrase):
                keeper.change_passphrase(key, WRONG, NEW, LIMITS)
        with pytest.raises(KeyLocked):
            keeper.signer(key, RIGHT, LIMITS)

    def test_after_a_change_only_the_new_one_opens_the_same_key(self, keeper: KeyKeeper, key: str) -> None:
        point = keeper.public_key(key)
        keeper.change_passphrase(key, RIGHT, NEW, LIMITS)
        assert PublicKey(point).verify(MESSAGE, keeper.signer(key, NEW, LIMITS)(MESSAGE))
        with pytest.raises(WrongPassphrase):
            keeper.signer(key, RIGHT, LIMITS)

    def test_a_destroyed_key_is_gone_for_ever(self, keeper: KeyKeeper, key: str) -> None:
        keeper.destroy(key)
        keeper.destroy(key)
        with pytest.raises(NoSuchKey):
            keeper.signer(key, RIGHT, LIMITS)

    def test_what_is_not_there(self, keeper: KeyKeeper) -> None:
        for ask in (lambda: keeper.public_key("no"), lambda: keeper.signer("no", RIGHT, LIMITS)):
            with pytest.raises(NoSuchKey):
                _: Any = ask()
