# SPDX-License-Identifier: Apache-2.0
"""What surrounds the licences of one department: a template handed in, a sheet, a sample, a list."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from support.city import OFFICE, City
from yiwang.apps.licences import public as licences
from yiwang.kernel.actor import system

MATERIAL = "health-certificate"
HEADINGS = "证照类型,证照编号,持证主体,持证主体代码,有效期起始日期,有效期截止日期,姓名"


def template_text(material: str = MATERIAL, version: int = 2) -> bytes:
    """The catalogue's template of a type as a later version."""
    path = settings.DEFINITIONS_DIR / "national" / "templates" / f"{material}.yaml"
    text = path.read_text(encoding="utf-8").replace("version: 1", f"version: {version}")
    return text.replace(f"id: {material}-1", f"id: {material}-{version}").encode()


def issued_by_office(org: str, place: str, holder: str) -> str:
    """A licence that a department issued to somebody; returns its public id."""
    today = timezone.localdate()
    number, fields = f"记录-{holder[-6:]}", {"resident-name": "某人"}
    new = licences.NewLicence(MATERIAL, number, holder, org, today, fields=fields, place=place)
    return licences.issue(system("测试准备"), new)


def around_licences(city: City) -> dict[str, str]:
    """One of each, of the department `OFFICE`: path parameter → id."""
    approver, bureau = city["approver"], city["data"]
    version = licences.hand_in_template(approver, org=OFFICE, raw=template_text(), file="模板.yaml")
    sheet = licences.hand_in_sheet(
        approver,
        org=OFFICE,
        purpose=licences.Purpose.STOCK,
        name="健康证明.csv",
        content=f"{HEADINGS}\n食品从业人员健康证明,健1,甲,错的,2026-01-01,长期,甲\n".encode(),
    )
    list(licences.run_sheet(sheet))
    sampling = licences.draw_sample(bureau, licences.Wanted("抽查", 3, OFFICE), uses=dict)
    _, (order, finding, *_) = licences.sampling_view(bureau, sampling)
    licences.note_finding(bureau, order.id, fault="姓名有错字")
    licences.expect_stock(bureau, list_name="第一批", materials=[MATERIAL], published_on=timezone.localdate())
    return {
        "material": MATERIAL,
        "version": version,
        "sheet": sheet,
        "sampling": sampling,
        "finding": str(finding.id),
        "order": str(order.id),
        "target": str(licences.targets()[0].id),
    }
