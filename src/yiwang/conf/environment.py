# SPDX-License-Identifier: Apache-2.0
"""Everything a deployment changes: one table of environment variables, read and checked at start.

`docs/guides/settings.md` is written from this table; a guard test keeps them equal.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yiwang.kernel.errors import Invalid

from .readers import (
    SHORTEST_KEY,
    SHORTEST_TOKEN,
    address,
    addresses,
    cipher,
    database,
    file,
    flag,
    folder,
    key,
    level,
    names,
    networks,
    site,
    token,
    web_address,
    web_addresses,
    whole,
)


class BadSetting(Invalid):
    """A setting is missing or wrong; the message says what to set."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name without `YIWANG_`, how to read it, what it is for."""

    name: str
    default: str
    read: Callable[[str], Any]
    says: str
    example: str
    secret: bool = False

    @property
    def full_name(self) -> str:
        """The name in the environment."""
        return f"YIWANG_{self.name}"


REPOSITORY = Path(__file__).resolve().parents[3]

VARIABLES = (
    Variable(
        "DATA_DIR", "var", folder, "数据目录：SQLite 库、上传的文件、归档包、密钥都在这里", "/srv/yiwang"
    ),
    Variable(
        "DATABASE_URL",
        "",
        database,
        "数据库；空为数据目录下的 SQLite",
        "postgresql://yiwang:口令@127.0.0.1:5432/yiwang",
        secret=True,
    ),
    Variable(
        "DEFINITIONS_DIR",
        str(REPOSITORY / "definitions"),
        folder,
        "事项定义所在目录",
        "/srv/yiwang/definitions",
    ),
    Variable(
        "FONTS_DIR",
        "",
        str,
        "印制证照另用的字体（如生僻字字体）所在目录，先于系统字体查找；空则只用系统字体",
        "/srv/yiwang/fonts",
    ),
    Variable(
        "SECRET_KEY",
        "",
        key,
        f"签名密钥，至少 {SHORTEST_KEY} 个字符；空则首次启动时在数据目录生成 secret.key",
        "（随机字符串）",
        secret=True,
    ),
    Variable(
        "VAULT_KEYS",
        "",
        file,
        "数据加密的密钥文件；空则首次启动时在数据目录生成 vault/keys.json。不随备份保存，请另行保管",
        "/etc/yiwang/vault.json",
    ),
    Variable(
        "VAULT_ALGORITHM",
        "sm4-gcm",
        cipher,
        "新生成的数据加密密钥用哪种算法：sm4-gcm（国密）或 aes-256-gcm",
        "sm4-gcm",
    ),
    Variable("ALLOWED_HOSTS", "127.0.0.1,localhost", names, "对外域名，逗号分隔", "zwfw.example.gov.cn"),
    Variable(
        "GOVERNMENT_NETWORKS",
        "",
        networks,
        "电子政务外网的网段，逗号分隔：重要数据、核心数据只答复这些地址（政务数据安全管理暂行办法第十九条）；"
        "不写的，一律当作互联网",
        "10.0.0.0/8",
    ),
    Variable("HTTPS", "0", flag, "是否只经 HTTPS 访问（1/0）：决定安全 Cookie 与跳转", "1"),
    Variable(
        "PUBLIC_URL",
        "http://127.0.0.1:8000",
        site,
        "公众打开本网站的网址：印在证照的二维码里，签发后不能再改",
        "https://zwfw.example.gov.cn",
    ),
    Variable("DEBUG", "0", flag, "调试模式（1/0）；对外服务必须为 0", "0"),
    Variable("BIND", "127.0.0.1:8000", address, "yiwang serve 监听的地址和端口", "0.0.0.0:8000"),
    Variable("WORKERS", "2", whole, "yiwang serve 的进程数", "4"),
    Variable(
        "PROXIES",
        "127.0.0.1,::1",
        addresses,
        "前置反向代理的 IP，逗号分隔：只信它们转来的来访地址和协议",
        "10.0.0.5,10.0.0.6",
    ),
    Variable("ACCESS_LOG", "0", flag, "是否记录每次访问（1/0）：方法、路径、状态、用时，不含查询参数", "1"),
    Variable(
        "METRICS_TOKEN",
        "",
        token,
        f"读取 /metrics 的令牌，至少 {SHORTEST_TOKEN} 个字符；空则没有 /metrics",
        "paste-here-what-openssl-rand-hex-32-prints",
        secret=True,
    ),
    Variable(
        "SYSTEM_SEAL_PASSPHRASE",
        "",
        str,
        "系统自动用印（封存日志、出具回执）的印章口令；空则不自动用印",
        "（印章保护口令）",
        secret=True,
    ),
    Variable(
        "SEAL_MAKER_PASSPHRASE",
        "",
        str,
        "制章密钥的口令，只用于网上即时制发个人电子签名；空则不在网上制发",
        "（制章密钥口令）",
        secret=True,
    ),
    Variable("LOG_LEVEL", "INFO", level, "日志级别：DEBUG/INFO/WARNING/ERROR", "INFO"),
    Variable("UPLOAD_MAX_MB", "20", whole, "单个上传文件的上限（MB）；材料定义可以更小", "20"),
    Variable(
        "PROVINCE_URL",
        "",
        web_address,
        "省电子证照库的接口地址：推送证照索引；空则写到数据目录的 province，供试用",
        "https://dzzz.example.gov.cn/api",
    ),
    Variable(
        "PROVINCE_TOKEN",
        "",
        token,
        "省电子证照库发给本市的令牌",
        "token-issued-by-the-province",
        secret=True,
    ),
    Variable(
        "TREASURY_URL",
        "",
        web_address,
        "财政支付系统的接口地址：免申即享的补贴由它拨付；空则写到数据目录的 treasury，供试用",
        "https://czzf.example.gov.cn/api",
    ),
    Variable(
        "TREASURY_TOKEN",
        "",
        token,
        "财政支付系统发给本市的令牌",
        "token-issued-by-the-treasury",
        secret=True,
    ),
    Variable(
        "PROVINCE_EXCHANGE_URL",
        "",
        web_address,
        "省数据共享交换平台的接口地址：申请上报、答复和数据回流；空则用数据目录的 province-exchange，供试用",
        "https://sjgx.example.gov.cn/api",
    ),
    Variable(
        "PROVINCE_EXCHANGE_TOKEN",
        "",
        token,
        "省数据共享交换平台发给本市的令牌，也用来签名",
        "token-issued-by-the-platform",
        secret=True,
    ),
    Variable(
        "CORRECTIONS_URLS",
        "",
        web_addresses,
        "数据提供部门接收更正的接口地址（docs/formats/corrections.md），部门=地址，逗号分隔；"
        "没有写的部门，更正放进数据目录的 corrections",
        "public-security=https://gaxt.example.gov.cn/yiwang",
    ),
    Variable(
        "SIGNING_URL",
        "",
        web_address,
        "外部签名服务的接口地址（docs/formats/signing-service.md）；空则用本市的电子签名系统",
        "https://sign.example.gov.cn/api",
    ),
    Variable(
        "SIGNING_TOKEN", "", token, "外部签名服务发给本市的令牌", "token-issued-by-the-service", secret=True
    ),
    Variable(
        "SOURCES_DIR",
        "",
        str,
        "数据提供单位存放共享数据文件（CSV、Excel、Parquet、SQLite）的目录；空为数据目录下的 sources",
        "/srv/yiwang/sources",
    ),
    Variable(
        "SOURCES_PLAIN_HOSTS",
        "",
        names,
        "允许不加密访问的数据来源主机，逗号分隔；本机以外默认只用加密连接",
        "10.0.0.8",
    ),
    Variable(
        "OUTBOX_GIVE_UP_HOURS",
        "24",
        whole,
        "对外消息重试多久后转人工：应长于合作方可能的中断时间",
        "24",
    ),
    Variable(
        "CREDIT_MERGE_FILES",
        "200",
        whole,
        "公共信用列存（数据目录的 credit-facts）：上次合并以后新写了多少个文件就再合并",
        "200",
    ),
    Variable(
        "CREDIT_MERGE_PERCENT",
        "5",
        whole,
        "公共信用列存：更正过、结束了的信息占百分之几就再合并；1% 时全量评价慢三分之一左右",
        "5",
    ),
)


def read_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read and check every variable. Raises BadSetting naming each that is wrong and what to set.

    An unknown `YIWANG_…` name is an error too: a misspelt setting must not be ignored.
    """
    env = os.environ if environ is None else environ
    known = {v.full_name: v for v in VARIABLES}
    problems = [
        f"{name}：没有这个设置，请核对拼写"
        for name in sorted(env)
        if name.startswith("YIWANG_") and name not in known
    ]
    values: dict[str, Any] = {}
    for name, variable in known.items():
        text = env.get(name, "").strip() or variable.default
        try:
            values[variable.name] = variable.read(text)
        except ValueError as error:
            shown = "（不显示）" if variable.secret else text
            problems.append(f"{name}={shown}：{error}。例：{name}={variable.example}")
    if problems:
        raise BadSetting("设置有误：\n  " + "\n  ".join(problems), mend="改好上述环境变量后再启动。")
    return values


def data_dir(path: Path) -> Path:
    """The data directory, made for us alone if it is not there. Raises BadSetting if not writable."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = path / f".writable.{os.getpid()}"
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        mend = "请建好这个目录并把它交给运行一网的用户（chown），或另设 YIWANG_DATA_DIR。"
        raise BadSetting(f"数据目录 {path} 不能写：{error.strerror}。", mend=mend) from error
    return path


def secret_key(data_dir: Path, given: str) -> str:
    """The signing key: the one given, else the one kept (or made now, readable by us alone) in `data_dir`."""
    if given:
        return given
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}.tmp")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
        try:
            os.link(fresh, path)  # only one of several starting processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    kept = path.read_text(encoding="ascii", errors="replace").strip()
    if len(kept) < SHORTEST_KEY:
        mend = "请从备份恢复；没有备份就删除它，启动时会另生成（所有人要重新登录）。"
        raise BadSetting(f"密钥文件 {path} 不完整。", mend=mend)
    return kept


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's DATABASES entry for `url` (empty: SQLite in `data_dir`).

    SQLite runs in WAL with IMMEDIATE transactions, so that a writer waits for its turn at the
    start of a transaction instead of failing in the middle of one.
    """
    parts = urlsplit(url)
    if parts.scheme == "postgresql":
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "pool": {"min_size": 1, "max_size": 8, "timeout": 5},
                "connect_timeout": 5,  # seconds; a server that is gone must not hold requests up
                **dict(parse_qsl(parts.query)),
            },
        }
    path = Path(unquote(parts.path)) if url else data_dir / "yiwang.sqlite3"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
