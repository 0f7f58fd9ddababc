# SPDX-License-Identifier: Apache-2.0
"""Every wrong setting is refused at start with what to write instead."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from yiwang.conf.cli import main
from yiwang.conf.environment import (
    VARIABLES,
    BadSetting,
    data_dir,
    database_settings,
    read_environment,
    secret_key,
)

LONG = "0123456789abcdef" * 4


def refused(**settings: str) -> str:
    with pytest.raises(BadSetting) as error:
        read_environment({f"YIWANG_{name}": value for name, value in settings.items()})
    assert error.value.mend
    return error.value.message


def test_without_any_setting_it_starts_on_this_machine_alone() -> None:
    values = read_environment({"PATH": "/bin", "YIWANG_DEBUG": "  "})
    assert set(values) == {variable.name for variable in VARIABLES}
    assert values["DATABASE_URL"] == ""
    assert values["DEBUG"] is values["HTTPS"] is False
    assert values["BIND"].startswith("127.0.0.1:")
    assert values["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost"]
    assert values["DATA_DIR"].is_absolute()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HTTPS", "maybe", "只能写 1 或 0"),
        ("DEBUG", "2", "只能写 1 或 0"),
        ("WORKERS", "two", "整数"),
        ("WORKERS", "0", "大于 0"),
        ("WORKERS", "-1", "整数"),
        ("UPLOAD_MAX_MB", "1.5", "整数"),
        ("UPLOAD_MAX_MB", "２０", "整数"),
        ("OUTBOX_GIVE_UP_HOURS", "24h", "整数"),
        ("LOG_LEVEL", "LOUD", "WARNING"),
        ("BIND", "8000", "地址:端口"),
        ("BIND", "127.0.0.1:99999", "地址:端口"),
        ("ALLOWED_HOSTS", "https://a.gov.cn", "http://"),
        ("ALLOWED_HOSTS", "*", "*"),
        ("DATABASE_URL", "mysql://a/b", "postgresql://"),
        ("DATABASE_URL", "postgresql://a", "库名"),
        ("DATABASE_URL", "postgresql://a:port/b", "库名"),
        ("DATABASE_URL", "sqlite://var/a.db", "sqlite:///"),
        ("DATABASE_URL", "/var/a.db", "sqlite:///"),
        ("DATABASE_URL", "postgresql://a/b?sslmod=require", "sslmod"),
        ("SECRET_KEY", "short", "至少 50 个字符"),
        ("SECRET_KEY", "k" * 60, "太容易猜"),
        ("SECRET_KEY", "django-insecure-" + LONG, "太容易猜"),
        ("METRICS_TOKEN", "short", "至少 20 个字符"),
        ("METRICS_TOKEN", "令牌" * 20, "英文字母"),
        ("PROXIES", "proxy.example", "IP"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(name: str, value: str, says: str) -> None:
    told = refused(**{name: value})
    assert f"YIWANG_{name}=" in told
    assert says in told
    example = next(v.example for v in VARIABLES if v.name == name)
    assert example in told


def test_a_misspelt_name_is_refused_and_every_mistake_is_told_at_once() -> None:
    told = refused(ALOWED_HOSTS="a", WORKERS="x", DEBUG="y")
    assert "YIWANG_ALOWED_HOSTS：没有这个设置" in told
    assert "YIWANG_WORKERS=x" in told
    assert "YIWANG_DEBUG=y" in told


def test_a_refusal_shows_no_password() -> None:
    told = refused(DATABASE_URL="postgres://yiwang:hunter2@db/yiwang", SECRET_KEY="almost-secret")
    assert "hunter2" not in told
    assert "almost-secret" not in told


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.name)
def test_every_example_is_a_right_value(variable: object) -> None:
    name, example = variable.full_name, variable.example  # type: ignore[attr-defined]
    given = LONG if name == "YIWANG_SECRET_KEY" else example
    assert read_environment({name: given})


def test_a_server_url_becomes_a_database_with_its_password_decoded() -> None:
    entry = database_settings("postgresql://me:p%40ss@db.example:5433/yiwang", Path("/data"))
    assert entry["ENGINE"].endswith("postgresql")
    assert [entry[k] for k in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "yiwang",
        "me",
        "p@ss",
        "db.example",
        "5433",
    ]


def test_a_server_url_may_ask_for_an_encrypted_connection() -> None:
    entry = database_settings(
        "postgresql://db.example/yiwang?sslmode=verify-full&sslrootcert=/ca.pem", Path("/")
    )
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert entry["OPTIONS"]["sslrootcert"] == "/ca.pem"


def test_a_data_directory_is_made_for_us_alone(tmp_path: Path) -> None:
    made = data_dir(tmp_path / "a" / "b")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert list(made.iterdir()) == []


def test_a_data_directory_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match="不能写") as error:
        data_dir(tmp_path / "file" / "data")
    assert "YIWANG_DATA_DIR" in error.value.mend


@pytest.mark.parametrize(
    ("url", "name"),
    [("", "/data/yiwang.sqlite3"), ("sqlite:////srv/x.db", "//srv/x.db"), ("sqlite:///x.db", "/x.db")],
)
def test_a_file_url_becomes_a_database_that_waits_its_turn(url: str, name: str) -> None:
    entry = database_settings(url, Path("/data"))
    assert entry["NAME"] == name
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in entry["OPTIONS"]["init_command"]


def test_the_key_is_made_once_for_us_alone_and_kept(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "new", "")
    assert len(first) >= 50
    assert secret_key(tmp_path / "new", "") == first
    path = tmp_path / "new" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret.key"]
    assert secret_key(tmp_path / "other", LONG) == LONG
    assert not (tmp_path / "other").exists()


def test_a_key_file_that_was_cut_off_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("half", encoding="ascii")
    with pytest.raises(BadSetting, match="不完整") as error:
        secret_key(tmp_path, "")
    assert "备份" in error.value.mend


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from yiwang.conf.environment import secret_key;"
        "print(secret_key(pathlib.Path(sys.argv[1]), ''))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    keys = {process.communicate()[0] for process in started}
    assert len(keys) == 1


def test_the_settings_command_hides_what_is_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("YIWANG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("YIWANG_SECRET_KEY", LONG)
    monkeypatch.setenv("YIWANG_WORKERS", "7")
    with pytest.raises(SystemExit):
        main(["settings"])
    out = capsys.readouterr().out
    assert LONG not in out
    assert "YIWANG_SECRET_KEY=（已设置，不显示）" in out
    assert "YIWANG_WORKERS=7\t" in out
    assert "YIWANG_BIND=127.0.0.1:8000（默认）" in out
    monkeypatch.setenv("YIWANG_WORKER", "7")
    with pytest.raises(SystemExit) as ended:
        main(["settings"])
    assert ended.value.code == 1
    assert "没有这个设置" in capsys.readouterr().err
