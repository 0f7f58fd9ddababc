# SPDX-License-Identifier: Apache-2.0
"""The gateway's key changes while it signs; what earlier keys signed can be verified for ever."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from support import gateway as world
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.domain import signing
from yiwang.apps.journal.public import entries_of
from yiwang.engines.sealing import PublicKey
from yiwang.kernel.actor import system
from yiwang.kernel.errors import NotAllowed, Unavailable

pytestmark = pytest.mark.django_db
KEEPER = system("运维")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """A data directory of the test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def reply() -> dict[str, str]:
    """The headers of a signed reply."""
    return gateway.sign_reply(status=200, body=b"{}", request_signature="")


def is_proven(headers: dict[str, str]) -> bool:
    """Whether a reply can be proven by what is published now, as an outsider does it."""
    told = re.search(r'keyid="([0-9a-f]{64})"', headers["Signature-Input"])
    published = {one.key_id: one.public_key for one in gateway.earlier_keys()}
    published[gateway.system_key()[0]] = gateway.system_public_pem()
    if told is None or told[1] not in published:
        return False
    params = headers["Signature-Input"].removeprefix("gateway=")
    base = signing.reply_base(
        status=200, digest=signing.digest_header(b"{}"), request_signature="", params=params
    )
    (value,) = re.findall(r"gateway=:(.*):", headers["Signature"])
    key = PublicKey.from_pem(published[told[1]].encode())
    return key.verify(base, base64.b64decode(value))


def test_the_new_one_signs_and_the_old_ones_still_prove() -> None:
    signed = [reply()]
    first = gateway.system_key()[0]
    for _ in range(2):
        was, made = gateway.rotate_system_key(KEEPER)
        assert (was != made, gateway.system_key()[0]) == (True, made)
        signed.append(reply())
    assert [is_proven(one) for one in signed] == [True] * 3
    assert len({one["Signature-Input"].split("keyid=")[1] for one in signed}) == 3
    assert [one.key_id for one in gateway.earlier_keys()][-1] == first
    told = entries_of("gateway-key")
    assert next(one["detail"]["earlier"] for one in told) == first


def test_a_kill_between_the_two_writings_loses_nothing(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = reply()
    now = gateway.system_key()[0]

    def killed() -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as at_this_moment:
        at_this_moment.setattr("yiwang.apps.gateway.system_key._fresh", killed)
        with pytest.raises(KeyboardInterrupt):
            gateway.rotate_system_key(KEEPER)
    assert (gateway.system_key()[0], gateway.earlier_keys()) == (now, [])
    gateway.rotate_system_key(KEEPER)
    assert [one.key_id for one in gateway.earlier_keys()] == [now]
    assert is_proven(signed)
    assert not list((own_folder / "keys").glob(".new-*"))


def test_only_the_command_line_and_no_private_half_is_left(own_folder: Path) -> None:
    with pytest.raises(NotAllowed):
        gateway.rotate_system_key(world.BUREAU)
    gateway.rotate_system_key(KEEPER)
    kept = json.loads((own_folder / "keys" / "gateway-earlier.json").read_text("utf-8"))
    assert "PRIVATE" not in str(kept)
    (own_folder / "keys" / "gateway-earlier.json").write_text("{", "utf-8")
    with pytest.raises(Unavailable):
        gateway.earlier_keys()
