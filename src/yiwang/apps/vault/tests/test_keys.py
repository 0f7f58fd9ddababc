# SPDX-License-Identifier: Apache-2.0
"""The key file: made once, private, noticed when it changes, missed when it is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yiwang.kernel.errors import Invalid, Unavailable

from .. import admin
from ..domain import envelope
from ..domain.envelope import Algorithm, Altered, Key, KeyMissing
from ..keyring import place, ring
from ..locking import rewrap
from ..public import blind_index, decrypt, encrypt

pytestmark = pytest.mark.usefixtures("own_keys")


def test_the_key_file_is_made_once_for_us_alone() -> None:
    encrypt(b"x", about="a")
    made = place().read_bytes()
    assert place().stat().st_mode & 0o777 == 0o600
    assert place().parent.stat().st_mode & 0o077 == 0
    encrypt(b"x", about="a")
    assert place().read_bytes() == made
    assert [path.name for path in place().parent.iterdir()] == ["keys.json"]


def test_a_key_file_that_is_gone_is_missed_and_never_made_anew() -> None:
    locked = encrypt(b"x", about="a")
    kept = place().read_bytes()
    place().unlink()
    for use in (lambda: encrypt(b"x", about="a"), lambda: decrypt(locked, about="a")):
        with pytest.raises(Unavailable, match="密钥文件不见了"):
            use()
    place().write_bytes(kept)
    place().chmod(0o600)
    assert decrypt(locked, about="a") == b"x"


def test_reading_makes_no_key_file() -> None:
    with pytest.raises(Unavailable):
        decrypt(b"YWV1" + b"00000000" + bytes(99), about="a")
    assert not place().exists()


@pytest.mark.parametrize(
    "spoil",
    [lambda c: "{", lambda c: json.dumps({**c, "master": "AAAA"}), lambda c: json.dumps({**c, "keys": []})],
)
def test_a_damaged_key_file_is_refused(spoil: Any) -> None:
    encrypt(b"x", about="a")
    place().write_text(spoil(json.loads(place().read_text())))
    with pytest.raises(Invalid, match="不完整"):
        encrypt(b"x", about="a")


def test_a_key_file_that_others_can_read_is_refused() -> None:
    encrypt(b"x", about="a")
    place().chmod(0o640)
    with pytest.raises(Invalid, match="chmod 600"):
        ring()


def test_a_new_key_is_noticed_without_a_restart_and_the_old_one_opens() -> None:
    first = encrypt(b"x", about="a")
    before = ring().current
    program = "import django; django.setup(); from yiwang.apps.vault import admin; print(admin.rotate())"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")},
        "YIWANG_DATA_DIR": str(place().parents[1]),
        "DJANGO_SETTINGS_MODULE": "yiwang.conf.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ring().current == done.stdout.strip() != before
    assert decrypt(first, about="a") == b"x"
    assert envelope.key_of(encrypt(b"x", about="a")) == ring().current


def test_a_retired_key_opens_nothing_until_it_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    locked, old = encrypt(b"x", about="a"), ring().current
    monkeypatch.setattr(admin, "places", list)
    admin.rotate()
    admin.retire(old)
    with pytest.raises(KeyMissing, match="已停用"):
        decrypt(locked, about="a")
    assert [one.id for one in admin.known_keys() if one.retired_at] == [old]
    admin.restore_key(old)
    assert decrypt(locked, about="a") == b"x"


def test_a_key_of_another_city_is_named(settings: Any, tmp_path: Path) -> None:
    locked, key = encrypt(b"x", about="a"), ring().current
    settings.VAULT_KEYS = str(tmp_path / "other" / "keys.json")
    encrypt(b"y", about="a")
    with pytest.raises(KeyMissing, match=key):
        decrypt(locked, about="a")


@pytest.mark.parametrize("algorithm", Algorithm)
def test_both_algorithms_lock_bind_and_notice(settings: Any, algorithm: Algorithm) -> None:
    settings.VAULT_ALGORITHM = algorithm.value
    locked = encrypt(b"x" * 100, about="t.c|1")
    assert ring().key(ring().current).algorithm is algorithm
    assert decrypt(locked, about="t.c|1") == b"x" * 100
    for blob, about in (
        (locked, "t.c|2"),
        (locked[:-1], "t.c|1"),
        (locked[:20], "t.c|1"),
        (b"plain", "t.c|1"),
    ):
        with pytest.raises(Altered):
            decrypt(blob, about=about)
    admin.rotate()
    moved = rewrap(locked)
    assert envelope.key_of(moved) == ring().current != envelope.key_of(locked)
    assert decrypt(moved, about="t.c|1") == b"x" * 100
    for at in range(12, len(locked)):
        with pytest.raises(Altered):
            decrypt(locked[:at] + bytes([locked[at] ^ 1]) + locked[at + 1 :], about="t.c|1")


def test_a_library_without_the_national_cipher_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.apps.vault.keyring.is_available", lambda algorithm: False)
    with pytest.raises(Invalid, match="sm4-gcm") as refused:
        encrypt(b"x", about="a")
    assert "YIWANG_VAULT_ALGORITHM=aes-256-gcm" in refused.value.mend


def test_no_representation_tells_a_secret() -> None:
    encrypt(b"x", about="a")
    key = ring().key(ring().current)
    assert key.secret.hex() not in f"{key!r} {ring()!r} {admin.known_keys()}"
    assert repr(key.secret) not in f"{key!r} {ring()!r} {admin.known_keys()}"


def test_known_answers() -> None:
    """SM4-GCM: RFC 8998 appendix A.1. HMAC-SM3: what `openssl dgst -sm3 -hmac` prints."""
    key = Key("0" * 8, Algorithm.SM4_GCM, bytes.fromhex("0123456789abcdeffedcba9876543210"), "")
    nonce = bytes.fromhex("00001234567800000000abcd")
    plain = bytes.fromhex(
        "aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8
    )
    cipher = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    encryptor = envelope.cipher_of(key, nonce).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    assert encryptor.update(plain) + encryptor.finalize() == cipher
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_a_blind_index_depends_on_the_key_file(settings: Any, tmp_path: Path) -> None:
    one = blind_index("x", purpose="p")
    settings.VAULT_KEYS = str(tmp_path / "other.json")
    assert blind_index("x", purpose="p") != one


def test_an_envelope_moves_between_algorithms(settings: Any) -> None:
    locked = encrypt(b"x", about="a")
    settings.VAULT_ALGORITHM = "aes-256-gcm"
    admin.rotate()
    moved = rewrap(locked)
    settings.VAULT_ALGORITHM = "sm4-gcm"
    admin.rotate()
    assert decrypt(rewrap(moved), about="a") == decrypt(moved, about="a") == b"x"
