# SPDX-License-Identifier: Apache-2.0
"""What must be right before a process serves or works; each refusal says what to do."""

from __future__ import annotations

import atexit
import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from yiwang.kernel.errors import Conflict, Invalid, Unavailable, YiwangError


def start_django() -> None:
    """Start Django with the settings of the environment; what we write is readable by us alone.

    What is loaded here stays for good: no garbage is looked for meanwhile, nor in it later (a fifth of
    the start otherwise). Raises BadSetting.
    """
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.conf.settings")
    gc.disable()
    import django
    from django.db import connections

    django.setup()
    atexit.register(connections.close_all)  # what is frozen is not closed by being forgotten
    gc.freeze()
    gc.enable()


def require_database(*, may_be_new: bool = False) -> None:
    """Raise Unavailable, with the database's own reason, when it does not answer.

    Args:
        may_be_new: an SQLite file that is not there yet is no fault; its folder is made.
    """
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        import psycopg

        mend = "请确认 PostgreSQL 已启动、库和用户已建好，并核对 YIWANG_DATABASE_URL。"
        try:
            # Not through the pool, which would wait and then forget the reason.
            psycopg.connect(**connection.get_connection_params()).close()
        except psycopg.Error as error:
            raise Unavailable(f"连不上数据库 {name}：{_first_line(error)}。", mend=mend) from error
        return
    if may_be_new and not Path(name).exists():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    elif not Path(name).exists():
        raise Unavailable(f"还没有数据库 {name}。", mend="请先运行 yiwang setup。")
    from django.db import DatabaseError

    mend = "请核对 YIWANG_DATABASE_URL 和文件的权限；文件损坏时请从备份恢复。"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master")
    except DatabaseError as error:
        raise Unavailable(f"数据库 {name} 打不开：{_first_line(error)}。", mend=mend) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def require_migrated() -> None:
    """Raise Conflict unless the tables are exactly those that this version of the program needs."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if missing := executor.migration_plan(graph.leaf_nodes()):
        raise Conflict(
            f"数据库还没有建好或没有升级：差 {len(missing)} 步。", mend="请先备份，再运行 yiwang setup。"
        )
    if newer := newer_migrations(list(executor.loader.applied_migrations)):
        raise Conflict(
            f"数据库比程序新（{newer[0]}）。", mend="请安装写这个数据库的版本或更新的版本，不要用旧程序。"
        )


def newer_migrations(applied: list[tuple[str, str]]) -> list[str]:
    """Of these (app, migration) pairs, those of our apps that this version of the program does not know."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = set(loader.disk_migrations) | {
        old for one in loader.disk_migrations.values() for old in one.replaces
    }
    return sorted(f"{app}.{name}" for app, name in applied if (app, name) not in known)


def require_our_key() -> None:
    """Raise Conflict when data was locked with other keys than those of today: it would not open, and
    nobody would be found again. Raises Unavailable when the key file is gone."""
    from yiwang.apps.identity.public import digests_fit_key
    from yiwang.apps.vault.admin import unknown_keys
    from yiwang.apps.vault.public import key_place

    mend = f"请恢复原来的密钥文件（{key_place()}）；几台机器共用一个数据库时，密钥文件必须相同。"
    if missing := unknown_keys():
        raise Conflict(f"数据是用另外的密钥加密的，密钥文件里没有：{'、'.join(sorted(missing))}。", mend=mend)
    if not digests_fit_key():
        raise Conflict("密钥文件不是建库时的那一个：按证件号码会找不到已登记的人。", mend=mend)


def require_bind(address: str, *, debug: bool) -> None:
    """Raise Invalid for debug mode that others could reach, Unavailable when we cannot listen there."""
    host, _, port = address.rpartition(":")
    if debug and not is_loopback(host):
        raise Invalid(
            f"调试模式不能在 {address} 对外服务：出错页面会显示数据和设置。",
            mend="请去掉 YIWANG_DEBUG，或只在 127.0.0.1 上监听。",
        )
    try:
        family, kind, _, _, where = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        mend = "请停掉占用它的程序，或另设 YIWANG_BIND（1024 以下的端口要有权限，一般由 nginx 监听）。"
        raise Unavailable(f"不能监听 {address}：{error.strerror}。", mend=mend) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False


def cautions(bind: str) -> Iterator[str]:
    """What is allowed but probably not meant, a sentence each. The database answers."""
    from django.conf import settings

    from yiwang.apps.catalogue.public import current, current_digest

    outside = not is_loopback(bind.rpartition(":")[0])
    if current_digest() is None:
        yield "事项目录还没有发布，网站上没有可办的事。请运行 yiwang release draft，由另一人复核后发布。"
    else:
        try:
            current()
        except YiwangError as error:
            yield f"现行的事项目录打不开：{error.message}{error.mend}"
    if outside and not settings.ENV["HTTPS"]:
        yield "没有启用 HTTPS，口令和个人信息会明文传输。请在前面放 HTTPS 反向代理并设 YIWANG_HTTPS=1。"
    if outside and all(is_loopback(name) for name in settings.ALLOWED_HOSTS):
        yield "YIWANG_ALLOWED_HOSTS 只有本机，从外面访问会被拒绝。请写上对外域名。"
    if settings.DATA_DIR.stat().st_mode & 0o007:
        yield f"数据目录 {settings.DATA_DIR} 对本机其他用户开放。请运行 chmod 700 {settings.DATA_DIR}。"
