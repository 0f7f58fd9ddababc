# SPDX-License-Identifier: Apache-2.0
"""`yiwang token`: issued once to standard output, revoked by its name."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner

from yiwang.apps.identity.public import actor_of_token, open_account, register_person
from yiwang.conf.cli_token import group
from yiwang.kernel.actor import system
from yiwang.kernel.errors import NotFound
from yiwang.kernel.ids import make_id_number

pytestmark = pytest.mark.django_db
SETUP = system("测试")


@pytest.fixture
def username() -> str:
    number = make_id_number("411702", dt.date(1985, 3, 4), 1)
    owner = register_person(SETUP, name="王小明", id_number=number)
    open_account(SETUP, username="cash", password=None, owner=owner)
    return "cash"


def test_a_token_is_issued_and_revoked(username: str) -> None:
    issued = CliRunner().invoke(group, ["issue", username, "--name", "收银系统", "--days", "2"])
    assert issued.exit_code == 0, issued.output
    token = issued.stdout.strip().removeprefix("Authorization: Bearer ")
    actor = actor_of_token(token)
    assert actor is not None
    assert actor.name == "王小明"

    revoked = CliRunner().invoke(group, ["revoke", username, "--name", "收银系统"])
    assert revoked.exit_code == 0, revoked.output
    assert actor_of_token(token) is None


def test_nobody_gets_a_token() -> None:
    refused = CliRunner().invoke(group, ["issue", "nobody", "--name", "收银系统"])
    assert isinstance(refused.exception, NotFound)
