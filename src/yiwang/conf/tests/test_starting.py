# SPDX-License-Identifier: Apache-2.0
"""What is looked at before a start, piece by piece; whole starts are tried in tests/operations."""

from __future__ import annotations

import datetime as dt
import json
import socket
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from yiwang.apps.identity.public import register_person
from yiwang.apps.vault.public import encrypt
from yiwang.conf.starting import cautions, is_loopback, newer_migrations, require_bind, require_our_key
from yiwang.kernel.actor import system
from yiwang.kernel.errors import Conflict, Invalid, Unavailable
from yiwang.kernel.ids import make_id_number


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]", "::1"])
def test_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "10.0.0.1", "zwfw.example.gov.cn", ""])
def test_reachable_from_outside(host: str) -> None:
    assert not is_loopback(host)


def test_debug_mode_is_for_this_machine() -> None:
    require_bind("127.0.0.1:0", debug=True)
    with pytest.raises(Invalid, match="调试模式"):
        require_bind("[::]:0", debug=True)
    require_bind("0.0.0.0:0", debug=False)


@pytest.mark.parametrize("address", ["192.0.2.1:8000", "no.such.host.invalid:8000"])
def test_an_address_that_is_not_ours(address: str) -> None:
    with pytest.raises(Unavailable, match="不能监听"):
        require_bind(address, debug=False)


def test_an_address_somebody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Unavailable, match="不能监听"):
        require_bind(f"127.0.0.1:{taken.getsockname()[1]}", debug=False)


def test_migrations_of_the_future_and_of_today() -> None:
    found = newer_migrations([("casework", "0001_initial"), ("casework", "0999_x"), ("gone", "0001_initial")])
    assert found == ["casework.0999_x", "gone.0001_initial"]


@pytest.mark.django_db
def test_another_key_than_the_registers_is_refused(settings: Any, tmp_path: Path) -> None:
    require_our_key()  # an empty register has no key yet
    number = make_id_number("411702", dt.date(1985, 3, 4), 11)
    register_person(system("测试"), name="王甲", id_number=number)
    require_our_key()
    kept = Path(settings.VAULT_KEYS)
    settings.VAULT_KEYS = str(tmp_path / "keys.json")
    with pytest.raises(Unavailable, match="密钥文件不见了"):
        require_our_key()
    encrypt(b"", about="makes another key file")
    with pytest.raises(Conflict, match="用另外的密钥加密") as refused:
        require_our_key()
    assert str(tmp_path / "keys.json") in refused.value.mend
    content = {
        **json.loads(kept.read_text()),
        "master": json.loads((tmp_path / "keys.json").read_text())["master"],
    }
    (tmp_path / "keys.json").write_text(json.dumps(content))
    with pytest.raises(Conflict, match="不是建库时的那一个"):
        require_our_key()


@pytest.mark.django_db
def test_what_is_probably_not_meant_is_said(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    settings.ENV = {**settings.ENV, "HTTPS": False}
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    assert [one[:8] for one in cautions("127.0.0.1:8000")] == ["事项目录还没有发"]
    settings.DATA_DIR.chmod(0o755)
    outside = list(cautions("0.0.0.0:8000"))
    assert len(outside) == 4
    settings.DATA_DIR.chmod(0o750)
    settings.ENV = {**settings.ENV, "HTTPS": True}
    settings.ALLOWED_HOSTS = ["zwfw.example.gov.cn"]
    assert len(list(cautions("0.0.0.0:8000"))) == 1


@pytest.mark.django_db
def test_a_catalogue_that_does_not_open_is_said(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    release = {"digest": "0" * 64, "content": b"not packed", "state": "published"}
    now = timezone.now()
    apps.get_model("catalogue", "Release").objects.create(**release, drafted_at=now, published_at=now)
    (said,) = cautions("127.0.0.1:8000")
    assert said.startswith("现行的事项目录打不开：存储的目录版本与版本号不符")
    assert "请从备份恢复" in said
