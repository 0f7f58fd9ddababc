# SPDX-License-Identifier: Apache-2.0
"""The front door of the data desk: what there is to do here, for whoever came in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.exchange.public import is_bureau
from yiwang.apps.gateway.public import LOOKERS
from yiwang.desks.access import access
from yiwang.desks.context import DATA_DESK
from yiwang.kernel.actor import Role

from .waiting import waiting_for


@dataclass(frozen=True)
class Door:
    """One thing to do on the data desk."""

    title: str
    says: str
    url: str
    roles: tuple[Role, ...]
    bureau: bool = False


DOORS: tuple[Door, ...] = (
    Door("数据目录", "查有哪些数据、在哪个部门、怎么才能用。", "/data/catalogue/", DATA_DESK),
    Door("数据需求", "目录里没有的，提出需求；看供需对接清单走到哪一步。", "/data/needs/", DATA_DESK),
    Door("数据质量", "各部门、各资源的质量得分，哪里不合格，限期整改到哪一步。", "/data/quality/", DATA_DESK),
    Door("数据异议", "数据不对的提异议；提供部门按期核查、更正或答复。", "/data/objections/", DATA_DESK),
    Door("本部门的申请", "申请用别的部门的数据；看申请走到哪一步。", "/data/requests/", DATA_DESK),
    Door("审核数据申请", "别的部门申请用本部门的数据，按期限审核。", "/data/reviews/", DATA_DESK),
    Door("数据授权", "得到的、给出的授权：能看什么、用到哪天；收回授权。", "/data/grants/", DATA_DESK),
    Door("省级平台", "申请省级数据，看答复和回流的数据。", "/data/cascade/", DATA_DESK),
    Door("信息化项目审核", "报批、要经费之前，看项目是否符合数据共享要求。", "/data/projects/", DATA_DESK),
    Door("数据查询", "为正在办的一件事，按授权查一个人、一家企业或一样东西。", "/data/query/", LOOKERS),
    Door("接入系统", "部门的业务系统：登记、公钥、令牌、停用。", "/data/clients/", (Role.DATA,)),
    Door("分批交付", "按授权把整个资源生成文件，分份下载。", "/data/batches/", (Role.DATA,)),
    Door(
        "数据来源",
        "每个资源由哪个系统回答，通不通；只由数据管理局登记。",
        "/data/sources/",
        (Role.DATA,),
        bureau=True,
    ),
    Door("应用分析", "共享数据用了多少、用在哪里、省了群众多少事；优秀案例。", "/data/use/", DATA_DESK),
    Door("数据安全", "访问告警、操作日志、隐患和事件、登记、监管和通报。", "/data/security/", DATA_DESK),
)
"""The parts of the desk, in the order of the work."""


@access(roles=DATA_DESK)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the officer may do here."""
    actor = request.actor  # type: ignore[attr-defined]
    doors = [one for one in DOORS if actor.has(*one.roles) and (not one.bureau or is_bureau(actor))]
    return render(request, "desks/data/home.html", {"doors": doors, "waiting": waiting_for(actor)})
