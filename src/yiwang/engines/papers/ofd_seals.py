# SPDX-License-Identifier: Apache-2.0
"""A seal in an OFD package, after GB/T 33190—2016 chapter 18 and GB/T 38540—2020.

`Signs/Signatures.xml` lists the signature; `Sign_0/Signature.xml` names every other file of the package
with its SM3 digest and says where the seal stands; `SignedValue.dat` is the DER SES_Signature over
Signature.xml; `Seal.esl` the seal. A check demands more than the standard: every file must be protected.
"""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from dataclasses import dataclass, field
from typing import Any

from yiwang.engines.papers import zips
from yiwang.engines.papers.ofd import HEAD, NAMESPACE
from yiwang.engines.papers.placing import ASK, Place, SealPress, of_size, same_property, seal_steps
from yiwang.engines.papers.typeset import number
from yiwang.engines.papers.xmls import only, parsed, resolve, tag, text_of
from yiwang.engines.papers.zips import Entry
from yiwang.engines.sealing import (
    Picture,
    Report,
    SealingError,
    SealSignature,
    TrustStore,
    parse_signature,
    sm3,
)
from yiwang.engines.sealing.report import walk

SM2_WITH_SM3 = "1.2.156.10197.1.501"
_SM3 = ("SM3", "1.2.156.10197.1.401")
_MAIN = "OFD.xml"
_MEND = "请用平台生成的 OFD 盖章。"
_PAGES = 2_000


def seal_ofd(
    ofd: bytes, picture: Picture, place: Place, press: SealPress, *, seal: bytes | None = None
) -> bytes:
    """The OFD with a seal on its first page. `press` is called once; `seal` (DER) goes in as Seal.esl.

    Raises SealingError: not an OFD package, or one that is sealed already.
    """
    entries = {entry.name: entry for entry in _entries(ofd)}
    root = _doc_root(entries)
    folder = root.rsplit("/", 1)[0] if "/" in root else ""
    base = f"{folder}/Signs" if folder else "Signs"
    page = _first_page(entries, root)
    entries[_MAIN] = Entry.of(_MAIN, _announced(entries[_MAIN].content, f"{base}/Signatures.xml"))
    listing = f"{base}/Signatures.xml"
    entries[listing] = Entry.of(listing, _listing(f"/{base}/Sign_0/Signature.xml").encode())
    if seal is not None:
        entries[f"{base}/Sign_0/Seal.esl"] = Entry.of(f"{base}/Sign_0/Seal.esl", seal)
    name = f"{base}/Sign_0/Signature.xml"
    described = _described(entries, f"/{base}/Sign_0", page, _boundary(picture, place), seal is not None)
    value = press(sm3(described.encode()), f"/{name}")
    added = [
        Entry.of(name, described.encode()),
        Entry.of(f"{base}/Sign_0/SignedValue.dat", value),
    ]
    return zips.write([*entries.values(), *added])


def _entries(ofd: bytes) -> list[Entry]:
    try:
        return zips.read(ofd)
    except zips.ZipProblem as error:
        raise SealingError(f"这不是可以盖章的 OFD：{error}。", mend=_MEND) from error


def _doc_root(entries: dict[str, Entry]) -> str:
    body = _body(entries)
    if body.find(tag("Signatures")) is not None:
        raise SealingError("这份 OFD 已经盖过章，不能再盖。", mend=_MEND)
    return resolve(text_of(only(body, "DocRoot", _MAIN)), _MAIN)


def _body(entries: dict[str, Entry]) -> Any:
    if _MAIN not in entries:
        raise SealingError("包内没有 OFD.xml，不是 OFD 文件。", mend=ASK)
    return only(parsed(entries[_MAIN].content, _MAIN), "DocBody", _MAIN)


def _first_page(entries: dict[str, Entry], root: str) -> str:
    pages = _pages(entries, root)
    return str(pages[0].get("ID"))


def _pages(entries: dict[str, Entry], root: str) -> list[Any]:
    if root not in entries:
        raise SealingError(f"包内缺少 {root}。", mend=ASK)
    listed = only(parsed(entries[root].content, root), "Pages", root).findall(tag("Page"))
    if not 1 <= len(listed) <= _PAGES:
        raise SealingError(f"文件应有 1 到 {_PAGES} 页，实有 {len(listed)} 页。", mend=ASK)
    return list(listed)


def _announced(main: bytes, listing: str) -> bytes:
    """OFD.xml that leads to the signatures. All else stays as it was, byte for byte."""
    end = b"</ofd:DocRoot>"
    if main.count(end) != 1:
        raise SealingError("这份 OFD 的 OFD.xml 写法不支持盖章。", mend=_MEND)
    return main.replace(end, end + f"<ofd:Signatures>{listing}</ofd:Signatures>".encode())


def _listing(address: str) -> str:
    return (
        f'{HEAD}<ofd:Signatures xmlns:ofd="{NAMESPACE}"><ofd:MaxSignId>s002</ofd:MaxSignId>'
        f'<ofd:Signature ID="s001" Type="Seal" BaseLoc="{address}"/></ofd:Signatures>'
    )


def _boundary(picture: Picture, place: Place) -> str:
    left, top = float(place.x) - picture.width_mm / 2, float(place.y) - picture.height_mm / 2
    return " ".join(map(number, (left, top, picture.width_mm, picture.height_mm)))


def _described(entries: dict[str, Entry], base: str, page: str, boundary: str, seal: bool) -> str:
    """Signature.xml (18.2): what is protected, with which digests, and where the seal stands."""
    references = "".join(
        f'<ofd:Reference FileRef="/{entry.name}"><ofd:CheckValue>'
        f"{base64.b64encode(sm3(entry.content)).decode()}</ofd:CheckValue></ofd:Reference>"
        for entry in entries.values()
    )
    shown = f"<ofd:Seal><ofd:BaseLoc>{base}/Seal.esl</ofd:BaseLoc></ofd:Seal>" if seal else ""
    return (
        f'{HEAD}<ofd:Signature xmlns:ofd="{NAMESPACE}"><ofd:SignedInfo>'
        '<ofd:Provider ProviderName="Yiwang" Version="1.0" Company="Yiwang"/>'
        f"<ofd:SignatureMethod>{SM2_WITH_SM3}</ofd:SignatureMethod>"
        f'<ofd:References CheckMethod="SM3">{references}</ofd:References>'
        f'<ofd:StampAnnot ID="s002" PageRef="{page}" Boundary="{boundary}"/>{shown}</ofd:SignedInfo>'
        f"<ofd:SignedValue>{base}/SignedValue.dat</ofd:SignedValue></ofd:Signature>"
    )


@dataclass
class _Case:
    """A package under check, and what was found so far."""

    data: bytes
    entries: dict[str, Entry] = field(default_factory=dict)
    listing: str = ""
    name: str = ""
    info: Any = None
    root: str = ""
    value: str = ""
    der: bytes = b""
    signature: SealSignature | None = field(default=None, repr=False)


def check_ofd(data: bytes, trust: TrustStore, *, at: dt.datetime) -> Report:
    """Numbered steps: the package, every file in it, then the seal. Never raises."""
    case = _Case(data)
    report = Report(walk(case, _STEPS), "OFD 文件")
    digest = sm3(case.entries[case.name].content) if report.ok else bytes(32)
    return report.merge(seal_steps(case.der, digest, trust, at))


def protected_ofd(data: bytes) -> tuple[bytes, bytes]:
    """Signature.xml of a sealed OFD, and the SES_Signature over it. Raises SealingError."""
    case = _Case(data)
    for _, step in _STEPS:
        step(case)
    return case.entries[case.name].content, case.der


def _package(case: _Case) -> str:
    of_size(case.data)
    try:
        case.entries = {entry.name: entry for entry in zips.read(case.data)}
    except zips.ZipProblem as error:
        raise SealingError(f"文件包不合规：{error}。", mend=ASK) from error
    _body(case.entries)
    return f"OFD，包内 {len(case.entries)} 个文件。"


def _found(case: _Case) -> str:
    body = _body(case.entries)
    case.root = resolve(text_of(only(body, "DocRoot", _MAIN)), _MAIN)
    listed = body.findall(tag("Signatures"))
    if not listed:
        raise SealingError("文件里没有电子签章。", mend=ASK)
    listing = case.listing = resolve(text_of(only(body, "Signatures", _MAIN)), _MAIN)
    one = only(parsed(_content(case, listing), listing), "Signature", listing)
    if one.get("Type", "Seal") != "Seal":
        raise SealingError("文件里的签名不是电子签章。", mend=ASK)
    case.name = resolve(one.get("BaseLoc", ""), listing)
    described = parsed(_content(case, case.name), case.name)
    case.info = only(described, "SignedInfo", case.name)
    case.value = resolve(text_of(only(described, "SignedValue", case.name)), case.name)
    if len({_MAIN, case.root, listing, case.name, case.value}) < 5:
        raise SealingError("签章的几个文件写成了同一个。", mend=ASK)
    return "有一个电子签章。"


def _methods(case: _Case) -> str:
    method = text_of(only(case.info, "SignatureMethod", case.name))
    check = only(case.info, "References", case.name).get("CheckMethod", "MD5")
    if method != SM2_WITH_SM3 or check.upper() not in _SM3:
        raise SealingError(f"签章用了不接受的算法（{method[:40]}、{check[:40]}）。", mend=ASK)
    return "签名算法 SM2，杂凑算法 SM3。"


def _complete(case: _Case) -> str:
    """Every file is listed once, and nothing that is not there. The signature's own two files are not, and
    the index of signatures need not be (18.1: so that a further one could be added; here one is all)."""
    listed = [resolve(one.get("FileRef", ""), case.name) for one in _references(case)]
    if len(set(listed)) != len(listed):
        raise SealingError("保护清单里有重复的文件。", mend=ASK)
    protected = set(case.entries) - {case.name, case.value}
    if extra := sorted(protected - set(listed) - {case.listing}):
        raise SealingError(f"文件 {extra[0][:80]} 不受签章保护，可能是盖章以后加进去的。", mend=ASK)
    if gone := sorted(set(listed) - protected):
        raise SealingError(f"盖章时有的文件 {gone[0][:80]} 不在了。", mend=ASK)
    return f"{len(listed)} 个文件都在保护清单里，不多不少。"


def _references(case: _Case) -> list[Any]:
    return list(only(case.info, "References", case.name).findall(tag("Reference")))


def _unchanged(case: _Case) -> str:
    for one in _references(case):
        name = resolve(one.get("FileRef", ""), case.name)
        try:
            expected = base64.b64decode(text_of(only(one, "CheckValue", case.name)), validate=True)
        except ValueError as error:
            raise SealingError(f"文件 {name[:80]} 的杂凑值写法不对。", mend=ASK) from error
        if not hmac.compare_digest(expected, sm3(case.entries[name].content)):
            raise SealingError(f"文件 {name[:80]} 在盖章以后被改动过。", mend=ASK)
    return "每个文件的 SM3 杂凑值都与清单一致。"


def _shown(case: _Case) -> str:
    """The seal stands on pages that are there."""
    known = {page.get("ID") for page in _pages(case.entries, case.root)}
    stamps = case.info.findall(tag("StampAnnot"))
    if not stamps or any(stamp.get("PageRef") not in known for stamp in stamps):
        raise SealingError("签章没有盖在文件的任何一页上。", mend=ASK)
    return f"印章盖在文件上（{len(stamps)} 处）。"


def _value(case: _Case) -> str:
    case.der = _content(case, case.value)
    case.signature = parse_signature(case.der)
    for seal in case.info.findall(tag("Seal")):
        address = resolve(text_of(only(seal, "BaseLoc", case.name)), case.name)
        if _content(case, address) != case.signature.seal.der:
            raise SealingError("包内的印章与签章里的印章不是同一个。", mend=ASK)
    return f"签章数据 {len(case.der)} 字节。"


def _same(case: _Case) -> str:
    assert case.signature is not None
    expected = f"/{case.name}"
    if case.signature.document_property.lstrip("/") == case.name:
        expected = case.signature.document_property  # the address may be written without its first /
    return same_property(case.signature, expected)


def _content(case: _Case, name: str) -> bytes:
    if name not in case.entries:
        raise SealingError(f"包内缺少 {name[:80]}。", mend=ASK)
    return case.entries[name].content


_STEPS = [
    ("文件是完整的 OFD 包", _package),
    ("包里有一个电子签章", _found),
    ("签章所用的算法", _methods),
    ("每个文件都受保护", _complete),
    ("每个文件都没有改动", _unchanged),
    ("印章盖在页面上", _shown),
    ("签章数据完整", _value),
    ("签章的保护范围与文件一致", _same),
]
