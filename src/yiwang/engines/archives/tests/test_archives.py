# SPDX-License-Identifier: Apache-2.0
"""A package proves itself step by step; whatever was changed, added or hidden is named; stock tools agree."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from yiwang.engines.archives import Member, Report, Retention, lines, pack, verify
from yiwang.engines.archives.packing import MANIFEST, SUMS, sums
from yiwang.kernel.errors import Invalid

KEEP = Retention(30, dt.date(2027, 1, 1), "《某规定》第三条")
ABOUT = {"number": "411702-20260302-000001", "name": "小小一件事"}


def members(**more: bytes) -> dict[str, Member]:
    """The sheets of a small case with two files."""
    documents = [{"material": "plan", "members": ["documents/plan/1.pdf"]}]
    results = [{"public_id": "l_1", "members": ["results/l_1/1.pdf"]}]
    sheets = {
        "application.json": {"number": ABOUT["number"]},
        "items.json": [{"item": "alpha"}],
        "documents.json": documents,
        "results.json": results,
        "journal.json": [],
    }
    found = {name: json.dumps(value).encode() for name, value in sheets.items()}
    found |= {"documents/plan/1.pdf": b"%PDF plan", "results/l_1/1.pdf": b"%PDF licence"}
    return {name: Member(content, "说明", "图纸 一.pdf") for name, content in {**found, **more}.items()}


def packed(**more: bytes) -> bytes:
    """A good package."""
    return pack(members(**more), ABOUT, KEEP)


def checked(tmp_path: Path, content: bytes, sha256: str = "") -> Report:
    """What `verify` says of these bytes."""
    path = tmp_path / "package.zip"
    path.write_bytes(content)
    return verify(path, sha256=sha256)


def opened(content: bytes) -> dict[str, bytes]:
    """The members of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def zipped(contents: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip as somebody else would write it."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return body.getvalue()


def failed(report: Report) -> int:
    """The number of the step that does not hold."""
    assert not report.ok
    assert [step.ok for step in report.steps[:-1]] == [True] * (len(report.steps) - 1)
    assert report.steps[-1].why
    return report.steps[-1].number


# -- good ones


def test_a_package_proves_itself_in_nine_steps(tmp_path: Path) -> None:
    content = packed()
    report = checked(tmp_path, content, hashlib.sha256(content).hexdigest())
    assert report.ok
    assert [step.number for step in report.steps] == list(range(1, 10))
    told = list(lines(report))
    assert told[0].startswith("1. 打得开：通过")
    assert "定期30年至2056-12-31（《某规定》第三条）" in told[7]
    assert told[8] == "9. 登记的摘要：通过，与登记的摘要相符"


def test_without_the_noted_digest_it_says_what_is_not_proven(tmp_path: Path) -> None:
    report = checked(tmp_path, packed())
    assert report.ok
    assert "没有整包换过" in report.steps[-1].why


def test_the_same_members_give_the_same_bytes() -> None:
    turned = dict(reversed(members().items()))
    assert pack(turned, ABOUT, KEEP) == packed()


def test_for_ever_has_no_end(tmp_path: Path) -> None:
    report = checked(tmp_path, pack(members(), ABOUT, Retention(None, dt.date(2027, 1, 1), "某规定")))
    assert report.ok
    assert "永久（某规定）" in report.steps[7].why


def test_stock_tools_agree_and_see_a_flipped_byte(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed())) as package:
        package.extractall(tmp_path)
    by_hand = (
        "sha256sum --check --quiet SHA256SUMS",
        "cut -d'*' -f2 SM3SUMS | xargs openssl dgst -sm3 -r | diff SM3SUMS -",
    )

    def codes() -> list[int]:
        return [subprocess.run(["sh", "-c", line], cwd=tmp_path).returncode for line in by_hand]

    assert codes() == [0, 0]
    file = tmp_path / "documents/plan/1.pdf"
    file.write_bytes(b"%PDF plaN")
    assert all(codes())


@pytest.mark.parametrize("name", ["../a", "/a", "a b", "文件.pdf", "", "a//b", ".a", MANIFEST, "SM3SUMS"])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(Invalid):
        pack({name: Member(b"", "")}, ABOUT, KEEP)


# -- tampered ones


def _change(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(found: dict[str, bytes]) -> None:
        found[name] = content

    return change


def _remove(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(found: dict[str, bytes]) -> None:
        del found[name]

    return change


def _forge(found: dict[str, bytes]) -> None:
    """A changed file, with manifest and lists put right after it, but for the SM3 digest."""
    found["documents/plan/1.pdf"] = b"%PDF fake"
    manifest = json.loads(found[MANIFEST])
    for one in manifest["files"]:
        one["sha256"] = hashlib.sha256(found[one["name"]]).hexdigest()
    found[MANIFEST] = json.dumps(manifest).encode()


def _relist(found: dict[str, bytes]) -> None:
    whole = {name: content for name, content in found.items() if name not in SUMS.values()}
    for kind, name in SUMS.items():
        found[name] = sums(kind, whole).encode()


def _manifest(change: Callable[[dict[str, object]], None]) -> Callable[[dict[str, bytes]], None]:
    def changed(found: dict[str, bytes]) -> None:
        manifest = json.loads(found[MANIFEST])
        change(manifest)
        found[MANIFEST] = json.dumps(manifest).encode()
        _relist(found)

    return changed


def _drop_document(found: dict[str, bytes]) -> None:
    """A document is taken out everywhere but in the register of documents."""
    del found["documents/plan/1.pdf"]
    _manifest(
        lambda m: m.update(files=[f for f in m["files"] if "plan" not in f["name"]])  # type: ignore[attr-defined]
    )(found)


@pytest.mark.parametrize(
    ("tamper", "step"),
    [
        (_remove(MANIFEST), 2),
        (_change(MANIFEST, b"{"), 2),
        (_change(MANIFEST, b"[" * 200_000), 2),
        (_change(MANIFEST, b'{"format": "other/9", "files": []}'), 2),
        (_change(MANIFEST, b'{"format": "yiwang-archive/1", "about": {}, "files": 7}'), 2),
        (_remove("documents/plan/1.pdf"), 3),
        (_remove("SM3SUMS"), 3),
        (_change("documents/plan/2.pdf", b"more"), 3),
        (_change("documents/plan/1.pdf", b"%PDF plaN"), 4),
        (_change("journal.json", b"[1]"), 4),
        (_forge, 5),
        (_change("SHA256SUMS", b""), 6),
        (_change("SM3SUMS", b"x"), 6),
        (_drop_document, 7),
        (_manifest(lambda m: m.update(about={"number": "other"})), 7),
        (_manifest(lambda m: m.update(retention={})), 8),
        (_manifest(lambda m: m.update(retention={"term": "永久", "source": " ", "until": None})), 8),
    ],
)
def test_what_was_changed_is_refused_at_its_step(
    tmp_path: Path, tamper: Callable[[dict[str, bytes]], None], step: int
) -> None:
    found = opened(packed())
    tamper(found)
    assert failed(checked(tmp_path, zipped(found))) == step


def test_another_whole_package_is_not_the_one_noted(tmp_path: Path) -> None:
    noted = hashlib.sha256(packed()).hexdigest()
    other = pack(members(**{"case.txt": b"other"}), ABOUT, KEEP)
    assert checked(tmp_path, other).ok
    assert failed(checked(tmp_path, other, noted)) == 9


def test_any_flipped_byte_is_seen(tmp_path: Path) -> None:
    content = packed()
    noted = hashlib.sha256(content).hexdigest()
    dice = random.Random(7)
    for place in dice.sample(range(len(content)), 200):
        flipped = bytearray(content)
        flipped[place] ^= 1 << dice.randrange(8)
        failed(checked(tmp_path, bytes(flipped), noted))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_cut_package_is_refused_at_once(tmp_path: Path, share: float) -> None:
    content = packed()
    assert failed(checked(tmp_path, content[: int(len(content) * share)])) == 1


# -- bombs and hiding places


def test_a_compressed_package_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    bomb = zipped({**opened(packed()), "zeros": b"\0" * 50_000_000}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    report = checked(tmp_path, bomb)
    assert failed(report) == 1
    assert "压缩" in report.steps[0].why


def test_a_size_that_lies_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed())
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 20 : entry + 28] = (4_000_000_000).to_bytes(4, "little") * 2
    assert failed(checked(tmp_path, bytes(content))) == 1


@pytest.mark.parametrize(
    "hide",
    [
        lambda content: b"MZ hidden" + content,
        lambda content: content + b"hidden",
        lambda content: content[:-2] + b"\x06\x00hidden",
        lambda content: _twice(content),
        lambda content: _overlapping(content),
    ],
    ids=["before", "behind", "comment", "twice", "overlapping"],
)
def test_nothing_can_be_hidden(tmp_path: Path, hide: Callable[[bytes], bytes]) -> None:
    assert failed(checked(tmp_path, hide(packed()))) == 1


def _twice(content: bytes) -> bytes:
    body = io.BytesIO(content)
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(body, "a", zipfile.ZIP_STORED) as package,
    ):
        package.writestr("journal.json", b"[]")
    return body.getvalue()


def _overlapping(content: bytes) -> bytes:
    """Two entries of the table of contents lead to the same bytes."""
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    changed = bytearray(content)
    changed[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(changed)


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\\b", "documents/"])
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    assert failed(checked(tmp_path, zipped({**opened(packed()), name: b""}))) == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_package_is_refused(tmp_path: Path, content: bytes) -> None:
    assert failed(checked(tmp_path, content)) == 1


def test_random_rubbish_never_crashes(tmp_path: Path) -> None:
    dice = random.Random(11)
    for _ in range(100):
        rubbish = dice.randbytes(dice.randrange(2000))
        assert not checked(tmp_path, b"PK\x03\x04" + rubbish).ok
