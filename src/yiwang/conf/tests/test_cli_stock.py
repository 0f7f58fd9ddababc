# SPDX-License-Identifier: Apache-2.0
"""`yiwang licence stock` and `flowback`: taken over from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.city import publish
from yiwang.apps.licences import public as licences
from yiwang.apps.licences.tests.stock_support import BUREAU, ORG, as_csv, row
from yiwang.apps.licences.tests.test_flow_back import packed, returned
from yiwang.conf.cli import root


@pytest.fixture
def city(settings: object, tmp_path: Path, db: None) -> Path:
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    publish()
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(root, ["licence", *map(str, arguments)])


def test_the_good_rows_are_taken_and_the_others_written_out(city: Path) -> None:
    sheet, report = city / "退休证.csv", city / "要改.csv"
    sheet.write_bytes(as_csv([row(1), row(2, 退休时间="昨天"), row(3)]))
    first = run("stock", sheet, "--org", ORG, "--report", report)
    assert first.exit_code == 1
    assert "新入库 2" in first.output
    assert "第3行 退休时间" in first.output
    mended = report.read_text(encoding="utf-8-sig").replace("昨天", "2020-05-06")
    report.write_text(mended, encoding="utf-8-sig")
    again = run("stock", report, "--org", ORG)
    assert (again.exit_code, "新入库 1" in again.output) == (0, True)
    assert "新入库 2" in run("stock", sheet, "--org", ORG).output  # the same sheet: what it did then


def test_a_sheet_of_another_department_is_refused(city: Path) -> None:
    sheet = city / "退休证.csv"
    sheet.write_bytes(as_csv([row(1)]))
    assert "没有要核发的证照" in str(run("stock", sheet, "--org", "nobody").exception)


def test_a_package_is_taken_in(city: Path) -> None:
    package = city / "回流.zip"
    package.write_bytes(packed([returned(1), returned(2, 证照颁发机构="火星局")]))
    said = run("flowback", package, "--source", "国家平台")
    assert (said.exit_code, "新收 1 件" in said.output, "第2条" in said.output) == (1, True, True)
    assert len(licences.packages(BUREAU)) == 1
