# SPDX-License-Identifier: Apache-2.0
"""Check an archive package in numbered steps. It fails closed at the first step that does not hold.

1. 打得开: an ordinary zip of stored members; nothing compressed, encrypted, hidden or overlapping.
2. 有清单: the manifest is there, can be read, and is of a format known here.
3. 不多不少: the files are those the manifest names.
4. SHA-256: each file has the size and digest the manifest says.
5. SM3: and the SM3 digest.
6. 校验表: the two lists for stock tools say the same.
7. 内容齐全: the sheets of the case are there, can be read, and name the files that are there.
8. 保管期限: how long to keep it is written, with its source.
9. 登记的摘要: the whole file has the digest noted elsewhere (in the journal), if that was given.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from .packing import FORMAT, MANIFEST, NAME, SUMS

_MOST_MEMBERS: Final = 20_000
_LARGEST_SHEET: Final = 64 * 1024 * 1024
_CHUNK: Final = 1 << 20
_LOCAL_HEADER: Final = 30  # bytes before the name of a member
_TABLE_LINE: Final = 46  # and of a line of the table of contents
_ENDS: Final = (22, 22 + 56 + 20)  # bytes after the table: the end record, or the three of a large zip
SHEETS: Final = ("application.json", "items.json", "documents.json", "results.json", "journal.json")
"""What every package of a case holds."""


@dataclass(frozen=True)
class Step:
    """One step: its number, name, whether it holds, and why not (or what was found)."""

    number: int
    name: str
    ok: bool
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What was found, step by step; the last one is the first that does not hold, if any."""

    steps: tuple[Step, ...]
    sha256: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every step was reached and holds."""
        return len(self.steps) == len(_STEPS) and all(step.ok for step in self.steps)


class _Fault(Exception):
    """A step does not hold; the words say why."""


@dataclass
class _Package:
    """What is known so far."""

    file: IO[bytes]
    size: int
    expected: str
    sha256: str = ""
    archive: zipfile.ZipFile | None = None
    manifest: dict[str, Any] = field(default_factory=dict)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, name: str) -> bytes:
        """A small member, whole."""
        assert self.archive is not None
        if self.archive.getinfo(name).file_size > _LARGEST_SHEET:
            raise _Fault(f"“{name}”大得不合情理")
        return self.archive.read(name)


def verify(path: Path | str, *, sha256: str = "") -> Report:
    """Check a package. Whatever is wrong with it is told; nothing is raised but for a file that
    cannot be opened at all (OSError).

    Args:
        sha256: of the whole file, as noted in the journal when it was written.
    """
    steps: list[Step] = []
    with Path(path).open("rb") as file:
        package = _Package(file, Path(path).stat().st_size, sha256.strip().lower())
        for number, (name, check) in enumerate(_STEPS, start=1):
            try:
                steps.append(Step(number, name, True, check(package)))
            except _Fault as fault:
                steps.append(Step(number, name, False, str(fault)))
                break
            except _BROKEN as error:
                steps.append(Step(number, name, False, f"读不出来（{type(error).__name__}）"))
                break
    return Report(tuple(steps), package.sha256, package.manifest)


_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError),
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, RuntimeError),
    *(OverflowError, MemoryError),
)


def _opens(package: _Package) -> str:
    """1."""
    digest = hashlib.sha256()
    while chunk := package.file.read(_CHUNK):
        digest.update(chunk)
    package.sha256 = digest.hexdigest()
    archive = package.archive = zipfile.ZipFile(package.file)
    infos = archive.infolist()
    if not 0 < len(infos) <= _MOST_MEMBERS:
        raise _Fault(f"有{len(infos)}个文件，不是归档包")
    for info in infos:
        if not NAME.fullmatch(info.filename):
            raise _Fault("有文件的名字不合规定")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise _Fault(f"“{info.filename}”是压缩的，归档包不压缩，拒绝展开")
        if info.flag_bits & 0x1:
            raise _Fault(f"“{info.filename}”是加密的")
    if len({info.filename for info in infos}) != len(infos):
        raise _Fault("有两个文件同名")
    _require_gapless(package, archive, infos)
    return f"{len(infos)}个文件"


def _require_gapless(package: _Package, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Members lie one behind the other from the first byte to the table of contents, and nothing else."""
    if archive.comment:
        raise _Fault("包里夹带了说明以外的内容")
    place = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        package.file.seek(info.header_offset)
        header = package.file.read(_LOCAL_HEADER)
        name, extra = struct.unpack("<HH", header[26:30])
        if info.header_offset != place or info.comment:
            raise _Fault("文件之间有重叠或夹带")
        place += _LOCAL_HEADER + name + extra + info.file_size
    if place != archive.start_dir:
        raise _Fault("文件之间有重叠或夹带")
    table = sum(_TABLE_LINE + len(info.filename.encode()) + len(info.extra) for info in infos)
    if package.size - place - table not in _ENDS:
        raise _Fault("包的末尾有夹带")


def _has_manifest(package: _Package) -> str:
    """2."""
    manifest = json.loads(package.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise _Fault(f"不认识的格式“{str(manifest['format'])[:40]}”，这里能核对 {FORMAT}")
    package.entries = {one["name"]: one for one in manifest["files"]}
    if len(package.entries) != len(manifest["files"]):
        raise _Fault("清单里有两行写同一个文件")
    package.manifest = manifest
    return str(manifest["about"].get("number") or manifest["about"].get("id") or "")


def _is_whole(package: _Package) -> str:
    """3."""
    assert package.archive is not None
    there, wanted = set(package.archive.namelist()), {*package.entries, MANIFEST, *SUMS.values()}
    if missing := sorted(wanted - there):
        raise _Fault(f"缺少“{missing[0]}”等{len(missing)}个文件")
    if more := sorted(there - wanted):
        raise _Fault(f"多出“{more[0]}”等{len(more)}个文件，清单里没有")
    return f"清单列出的{len(package.entries)}个文件都在"


def _fits_sha256(package: _Package) -> str:
    """4."""
    assert package.archive is not None
    for name in (*package.entries, MANIFEST):
        digests = {kind: hashlib.new(kind) for kind in SUMS}
        size = 0
        with package.archive.open(name) as member:
            while chunk := member.read(_CHUNK):
                size += len(chunk)
                for one in digests.values():
                    one.update(chunk)
        package.digests[name] = {kind: one.hexdigest() for kind, one in digests.items()}
        entry = package.entries.get(name)
        if entry and (entry["size"] != size or entry["sha256"] != package.digests[name]["sha256"]):
            raise _Fault(f"“{name}”与清单不符：内容被改动或损坏")
    return f"{len(package.entries)}个文件相符"


def _fits_sm3(package: _Package) -> str:
    """5."""
    for name, entry in package.entries.items():
        if entry["sm3"] != package.digests[name]["sm3"]:
            raise _Fault(f"“{name}”与清单不符：内容被改动或损坏")
    return f"{len(package.entries)}个文件相符"


def _lists_agree(package: _Package) -> str:
    """6."""
    for kind, name in SUMS.items():
        between = " *" if kind == "sm3" else "  "
        wanted = "".join(
            f"{digests[kind]}{between}{one}\n" for one, digests in sorted(package.digests.items())
        )
        if package.read(name) != wanted.encode():
            raise _Fault(f"“{name}”与清单不符")
    return "、".join(SUMS.values())


def _holds_the_case(package: _Package) -> str:
    """7."""
    if missing := [name for name in SHEETS if name not in package.entries]:
        raise _Fault(f"缺少“{missing[0]}”")
    sheets = {name: json.loads(package.read(name)) for name in SHEETS}
    if sheets["application.json"]["number"] != package.manifest["about"]["number"]:
        raise _Fault("办件编号与清单不符")
    named = {name for document in sheets["documents.json"] for name in document["members"]}
    named |= {name for result in sheets["results.json"] for name in result["members"]}
    there = {name for name in package.entries if name.startswith(("documents/", "results/"))}
    if named != there:
        odd = sorted(named ^ there)[0]
        raise _Fault(f"“{odd}”与材料、结果的登记对不上")
    return f"{len(sheets['items.json'])}个事项，{len(there)}个材料和结果文件"


def _says_how_long(package: _Package) -> str:
    """8."""
    retention = package.manifest["retention"]
    if not str(retention["term"]).strip() or not str(retention["source"]).strip():
        raise _Fault("没有写明保管期限和依据")
    until = f"至{retention['until']}" if retention["until"] else ""
    return f"{retention['term']}{until}（{retention['source']}）"


def _is_the_one_noted(package: _Package) -> str:
    """9."""
    if not package.expected:
        return "没有给出登记的摘要：以上只说明包前后一致，不说明没有整包换过"
    if package.expected != package.sha256:
        raise _Fault("与登记的摘要不符：不是当时写的那个包")
    return "与登记的摘要相符"


_STEPS: Final[tuple[tuple[str, Callable[[_Package], str]], ...]] = (
    ("打得开", _opens),
    ("有清单", _has_manifest),
    ("不多不少", _is_whole),
    ("SHA-256", _fits_sha256),
    ("SM3", _fits_sm3),
    ("校验表", _lists_agree),
    ("内容齐全", _holds_the_case),
    ("保管期限", _says_how_long),
    ("登记的摘要", _is_the_one_noted),
)


def lines(report: Report) -> Iterator[str]:
    """The report as a person reads it, one line a step."""
    for step in report.steps:
        verdict, why = "通过" if step.ok else "不通过", f"，{step.why}" if step.why else ""
        yield f"{step.number}. {step.name}：{verdict}{why}"
