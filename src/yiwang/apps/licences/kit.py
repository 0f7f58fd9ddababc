# SPDX-License-Identifier: Apache-2.0
"""Write a sealed licence out so that anybody can check it with stock OpenSSL, without this project.

`licence.pdf`, `.ofd`, `.json` as they are; beside each a folder with the signed bytes, the signature
and the certificates as plain files; and `CHECK.md`, the commands that check them.
"""

from __future__ import annotations

import base64
import io
import os
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from yiwang.engines.papers import protected_parts
from yiwang.engines.sealing import write_openssl_kit

WHOLE = "document.ses.der"
"""The whole seal signature (GB/T 38540), from which the other parts were taken."""

_OFD = "{http://www.ofdspec.org/2016}"
_HEAD = """# 用 OpenSSL 核验这件证照

下面的命令不需要本平台的任何软件，只用 OpenSSL 3 和系统自带的命令。每一段都在本文件所在的目录里运行；
一段里每条命令都成功，这一段就通过；哪一条报错，就是哪一处不符。

核验说明文件由签章者盖章、盖章后没有被改动。证书是不是可信、有没有吊销，请向颁发机构核对；证照现在是否
有效，请扫证照上的二维码，或在网上打开：<{url}>
"""


def write_kit(files: Mapping[str, bytes], directory: Path, *, url: str) -> list[Path]:
    """Write the files (by form) and what checks them into a folder that is new or empty.

    Raises OSError when it cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    check = [_HEAD.format(url=url)]
    for form, data in files.items():
        _write(directory / f"licence.{form}", data)
        check.append(f"\n## licence.{form}\n")
        for name, protected, der in protected_parts(data):
            folder = directory / form
            verifying = write_openssl_kit(der, folder)
            _write(folder / name, protected)
            _write(folder / WHOLE, der)
            check += _block("印章由制章者签名，文件由签章者签名", [f"cd {form}", *verifying])
            check += _block("签章所签的摘要，就是受保护内容的 SM3 摘要", [f"cd {form}", _names(name)])
            about, commands = _MEANS[form](data, protected, der, directory)
            check += _block(about, commands)
    _write(directory / "CHECK.md", "".join(check).encode())
    return sorted(path for path in directory.rglob("*") if path.is_file())


def _write(path: Path, data: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def _block(about: str, commands: list[str]) -> list[str]:
    lines = "\n".join(commands)
    return [f"\n{about}：\n\n```sh\n{lines}\n```\n"]


def _names(protected: str) -> str:
    """The digest of the protected part stands in what was signed."""
    digest = f'"$(openssl dgst -sm3 -r {protected} | cut -d" " -f1)"'
    return f'od -An -v -tx1 document.signed.der | tr -d " \\n" | grep -q {digest}'


def _of_pdf(data: bytes, protected: bytes, der: bytes, directory: Path) -> tuple[str, list[str]]:
    pairs = zip(data, protected, strict=False)
    before = next((at for at, (one, other) in enumerate(pairs) if one != other), len(protected))
    after = len(protected) - before
    return "受保护的内容，就是 PDF 除签章数据以外的全部字节", [
        f"(head -c {before} licence.pdf; tail -c {after} licence.pdf) | cmp - pdf/document.pdf.protected",
        f"tail -c +{before + 2} licence.pdf | head -c {2 * len(der)} > pdf/contents.hex",
        f'od -An -v -tx1 pdf/{WHOLE} | tr -d " \\n" | cmp - pdf/contents.hex',
    ]


def _of_ofd(data: bytes, protected: bytes, der: bytes, directory: Path) -> tuple[str, list[str]]:
    name, commands = "Signature.xml", ["cd ofd"]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for number, (path, value) in enumerate(_references(protected)):
            kept = f"{number:02d}-{Path(path).name}"
            _write(directory / "ofd" / kept, package.read(path.lstrip("/")))
            commands.append(f'test "$(openssl dgst -sm3 -binary {kept} | openssl base64 -A)" = "{value}"')
            commands.append(f'grep -q -F "{value}" {name}')
    about = f"OFD 是 zip 包，{name} 列出其中每个文件的 SM3 摘要；已原样取出，逐个核对"
    return about, commands


def _references(listing: bytes) -> Iterator[tuple[str, str]]:
    """(path in the package, SM3 in base64) of every file that the list protects."""
    root = ET.fromstring(listing)  # noqa: S314 - written by ourselves and verified before
    for one in root.iter(f"{_OFD}Reference"):
        value = one.findtext(f"{_OFD}CheckValue") or ""
        base64.b64decode(value, validate=True)
        yield one.attrib["FileRef"], value


def _of_json(data: bytes, protected: bytes, der: bytes, directory: Path) -> tuple[str, list[str]]:
    return "受保护的内容和签章数据，原样在 JSON 文件里", [
        "grep -q -F -f json/document.json licence.json",
        f'grep -q -F "$(openssl base64 -A -in json/{WHOLE})" licence.json',
    ]


_MEANS = {"pdf": _of_pdf, "ofd": _of_ofd, "json": _of_json}
