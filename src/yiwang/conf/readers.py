# SPDX-License-Identifier: Apache-2.0
"""How the text of a setting is read: each function returns what it means, or raises ValueError saying what
to write."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def flag(text: str) -> bool:
    """1 or 0. Raises ValueError."""
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise ValueError("只能写 1 或 0")
    return values[text.lower()]


def whole(text: str) -> int:
    """A whole number above 0. Raises ValueError."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise ValueError("必须是大于 0 的整数")
    return int(text)


def names(text: str) -> list[str]:
    """Host names, separated by commas. Raises ValueError."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    if any("/" in name or ":" in name or name == "*" for name in names):
        raise ValueError("只写域名或 IP，不带 http://、端口和路径；不能写 *")
    return names


def addresses(text: str) -> list[str]:
    """IP addresses, separated by commas. Raises ValueError."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return [str(ipaddress.ip_address(one)) for one in found]
    except ValueError:
        raise ValueError("只写 IP 地址，逗号分隔") from None


def networks(text: str) -> list[str]:
    """Networks such as 10.0.0.0/8, separated by commas. Raises ValueError."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return [str(ipaddress.ip_network(one)) for one in found]
    except ValueError:
        raise ValueError("只写网段，例如 10.0.0.0/8，逗号分隔") from None


def folder(text: str) -> Path:
    """A folder, absolute."""
    return Path(text).expanduser().absolute()


def file(text: str) -> str:
    """A file, absolute; empty for none."""
    return str(Path(text).expanduser().absolute()) if text else ""


def cipher(text: str) -> str:
    """One of the vault's algorithms. Raises ValueError."""
    if text not in ("sm4-gcm", "aes-256-gcm"):
        raise ValueError("只能写 sm4-gcm 或 aes-256-gcm")
    return text


def database(text: str) -> str:
    """The URL of a database; empty for SQLite in the data directory. Raises ValueError."""
    parts = urlsplit(text)
    is_server = parts.scheme == "postgresql" and parts.path.strip("/") and _port_is_sound(parts)
    is_file = parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1
    if text and not (is_server or is_file):
        raise ValueError("只支持 sqlite:///绝对路径 或 postgresql://用户:口令@主机:端口/库名")
    if unknown := {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - _CONNECTION_OPTIONS:
        raise ValueError(
            f"? 后面不能写 {'、'.join(sorted(unknown))}，只能写 {'、'.join(sorted(_CONNECTION_OPTIONS))}"
        )
    return text


_CONNECTION_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"}
"""What may follow the `?` of a server's URL, in libpq's own words."""


def _port_is_sound(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def address(text: str) -> str:
    """Check `host:port`. Raises ValueError."""
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("应写成 地址:端口")
    return text


def site(text: str) -> str:
    """The address of a site, without a path. Raises ValueError."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError("应写成 https://域名，不带路径")
    return f"{parts.scheme}://{parts.netloc}"


def web_address(text: str) -> str:
    """An https address, or an http one of this machine (a proxy that speaks national TLS outwards, a twin);
    empty for none. Raises ValueError."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if text and not (is_safe and parts.hostname and not parts.query and not parts.fragment):
        raise ValueError("应以 https:// 开头（本机的代理可用 http://127.0.0.1），不带 ? 和 #")
    return text


def web_addresses(text: str) -> dict[str, str]:
    """Department → https address, as `health=https://…`, separated by commas. Raises ValueError."""
    pairs = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    if any(not (name.strip() and where.strip()) for name, _, where in pairs):
        raise ValueError("应写成 部门编号=https://地址，逗号分隔")
    return {name.strip(): web_address(where.strip()) for name, _, where in pairs}


def level(text: str) -> str:
    """A level of logging. Raises ValueError."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("只能写 DEBUG、INFO、WARNING 或 ERROR")
    return text.upper()


def key(text: str) -> str:
    """A signing key; empty to have one made. Raises ValueError."""
    if 0 < len(text) < SHORTEST_KEY:
        raise ValueError(f"太短：至少 {SHORTEST_KEY} 个字符；留空则自动生成")
    if text and (len(set(text)) < _FEWEST_CHARACTERS or text.startswith("django-insecure-")):
        raise ValueError("太容易猜：请用随机字符串；留空则自动生成")
    return text


def token(text: str) -> str:
    """A token; empty for none. Raises ValueError."""
    if 0 < len(text) < SHORTEST_TOKEN:
        raise ValueError(f"太短：至少 {SHORTEST_TOKEN} 个字符")
    if not text.isascii() or " " in text:
        raise ValueError("只能用英文字母、数字和符号，不带空格")
    return text


SHORTEST_KEY = 50
SHORTEST_TOKEN = 20
_FEWEST_CHARACTERS = 10  # different ones; a random key has many more
