# SPDX-License-Identifier: Apache-2.0
"""What a person reads in an archive package: how to check it, and what the case was about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone

from yiwang.apps.licences.public import LicenceView
from yiwang.kernel.dates import format_date

from ..models import Application, ItemCase
from ..queries import release_for

README = """本归档包含申请人的个人信息和上传的材料。
- 调阅须与职权有关，并登记目的和依据；复制、转交以够用为限（最小必要）。
- 公开前须去除个人信息。

阅读：case.txt 是概要；其余 .json 是登记，用任何文本编辑器都能打开；documents/ 是提交的材料，
results/ 是加盖电子印章的证照和结果。manifest.json 列出每个文件是什么、多大、摘要和保管期限。

核对（不需要本平台和数据库，在解开的文件夹里运行）：
  sha256sum --check SHA256SUMS
  cut -d"*" -f2 SM3SUMS | xargs openssl dgst -sm3 -r | diff SM3SUMS -
整个包的 SHA-256 记在办件日志里（application.archived），另行取得它，才能证明没有整包换过。
"""


def case_text(application: Application, issued: Sequence[LicenceView]) -> str:
    """The case in plain words; no personal data beyond what names the case."""
    return "\n".join([*_head(application), "", *_items(application), "", *_outcome(application, issued), ""])


def _head(application: Application) -> Iterator[str]:
    known = release_for(application).catalogue.life_events.get(application.life_event)
    yield f"办件编号：{application.number or '无'}"
    yield f"办理：{known.name if known else application.life_event}"
    yield f"状态：{application.get_stage_display()}"
    for label, at in (("提交", application.submitted_at), ("办结", application.finished_at)):
        if at is not None:
            yield f"{label}：{format_date(timezone.localdate(at))}"
    yield f"目录版本：{application.release}"


def _items(application: Application) -> Iterator[str]:
    catalogue = release_for(application).catalogue
    for number, case in enumerate(application.items.order_by("id"), start=1):
        item, org = catalogue.items[case.item], catalogue.orgs.get(case.org)
        yield f"{number}. {item.name}（{org.name if org else case.org}）：{_decision(case)}"


def _decision(case: ItemCase) -> str:
    decision = getattr(case, "decision", None)
    if decision is None:
        return "没有作出决定"
    day = format_date(timezone.localdate(decision.at))
    return f"{day}{'准予' if decision.granted else '不予'}，{decision.reason}"


def _outcome(application: Application, issued: Sequence[LicenceView]) -> Iterator[str]:
    catalogue = release_for(application).catalogue
    for row in application.documents.order_by("material"):
        material = catalogue.materials.get(row.material)
        yield f"材料：{material.name if material else row.material}（{row.resolution}）"
    for one in issued:
        material = catalogue.materials.get(one.material)
        yield f"结果：{material.name if material else one.material}，编号{one.number}"
