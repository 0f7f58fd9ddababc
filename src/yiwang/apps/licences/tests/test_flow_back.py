# SPDX-License-Identifier: Apache-2.0
"""Licences that flow back: each by itself, a seal must verify, nothing twice."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from support.city import publish
from yiwang.apps.licences.flow_back import FlowBackView, packages, received_files, take_package
from yiwang.apps.licences.models import FlowedBack, Licence
from yiwang.apps.licences.sync import records_of
from yiwang.apps.licences.tests.stock_support import BUREAU, KEEPER, row
from yiwang.kernel.errors import Invalid, NotAllowed

pytestmark = [pytest.mark.storage, pytest.mark.django_db]
ISSUER = "驻马店市人力资源和社会保障局"
SOURCE = "国家政务服务平台"


@pytest.fixture(autouse=True)
def city(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    publish()


def returned(serial: int, **changed: object) -> dict[str, Any]:
    """A right index record; `changed` puts other values under some names."""
    cells = row(serial)
    face = {name: cells[name] for name in ("姓名", "公民身份号码", "退休时间")}
    return {
        "证照名称": "退休证",
        "证照编号": cells["证照编号"],
        "证照颁发机构": ISSUER,
        "持证主体": cells["持证主体"],
        "持证主体代码": cells["持证主体代码"],
        "证照有效期起始日期": "2020-05-06",
        "证照有效期截止日期": "长期",
        "证照状态": "有效",
        "证照类型代码": "",
        "照面信息": face,
    } | changed


def packed(records: object, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("index.json", json.dumps(records, ensure_ascii=False))
        for name, content in files.items():
            package.writestr(name.replace("_", "."), content)
    return out.getvalue()


def taken(records: object, **files: bytes) -> FlowBackView:
    return take_package(BUREAU, packed(records, **files), source=SOURCE)


def pdf(*, like_sealed: bool = False) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    if like_sealed:
        document.Root.Mark = pikepdf.Dictionary(ByteRange=pikepdf.Array([0, 1, 2, 3]))
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


def test_each_record_is_taken_by_itself_and_wrong_ones_are_told() -> None:
    view = taken(
        [returned(1), returned(2, 证照颁发机构="火星局"), returned(3, 持证主体代码="12"), {"什么": "都没有"}]
    )
    assert (view.taken, view.wrong, [place for place, _, _ in view.problems]) == (1, 3, [2, 3, 4])
    assert "火星局" in view.problems[0][1]
    assert Licence.objects.get().fields["resident-name"] == "退休1号"
    assert records_of([Licence.objects.get().public_id]) == []  # not pushed out again


def test_the_same_package_and_the_same_licence_count_once() -> None:
    content = packed([returned(1), returned(2)])
    first = take_package(BUREAU, content, source=SOURCE)
    assert take_package(BUREAU, content, source=SOURCE) == first
    later = taken([returned(2, 证照状态="撤销"), returned(3)])
    assert (later.taken, later.known) == (1, 1)
    assert Licence.objects.get(number=row(2)["证照编号"]).standing == "revoked"
    assert len(packages(BUREAU)) == 2
    assert FlowedBack.objects.count() == 3


def test_a_file_without_a_seal_is_kept_as_such_and_one_whose_seal_fails_is_refused() -> None:
    view = taken(
        [
            returned(1, 文件="a.pdf"),
            returned(2, 文件="b.pdf"),
            returned(3, 文件="missing.pdf"),
            returned(4, 文件="c.txt"),
        ],
        a_pdf=pdf(),
        b_pdf=pdf(like_sealed=True),
        c_txt=b"words",
    )
    assert (view.taken, view.wrong) == (1, 3)
    assert "核验" in view.problems[0][1]
    (file,) = received_files(Licence.objects.get().public_id)
    assert (file["form"], file["sealed"]) == ("pdf", False)


def test_an_index_as_csv_has_the_printed_labels_as_columns() -> None:
    record = {name: value for name, value in returned(5).items() if name != "照面信息"} | returned(5)[
        "照面信息"
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "index.csv", "\ufeff" + ",".join(record) + "\n" + ",".join(map(str, record.values()))
        )
    assert take_package(BUREAU, out.getvalue(), source=SOURCE).taken == 1


@pytest.mark.parametrize(
    "content",
    [
        b"not a zip",
        packed("words"),
        packed([1, 2]),
        packed({"records": None}),
        packed([])[:-30],
        packed([returned(1)]).replace(b"index.json", b"index.jsom"),
    ],
    ids=["no zip", "words", "numbers", "no records", "cut", "no index"],  # bytes hold the time of day
)
def test_what_is_no_package_is_refused_whole(content: bytes) -> None:
    with pytest.raises(Invalid):
        take_package(BUREAU, content, source=SOURCE)
    assert Licence.objects.count() == 0


def test_only_the_bureau_takes_packages() -> None:
    with pytest.raises(NotAllowed):
        take_package(KEEPER, packed([]), source=SOURCE)
    with pytest.raises(NotAllowed):
        packages(KEEPER)
    with pytest.raises(Invalid, match="哪个系统"):
        take_package(BUREAU, packed([]), source=" ")
