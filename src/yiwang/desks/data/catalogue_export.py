# SPDX-License-Identifier: Apache-2.0
"""The catalogue to take along: DCAT for everybody's harvesters, CSV and Excel for officers."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import condition, require_GET, require_safe

from yiwang.apps.catalogue.public import current_digest
from yiwang.apps.exchange import public as exchange
from yiwang.desks.access import RequestWithActor, access
from yiwang.desks.context import DATA_DESK
from yiwang.kernel.errors import NotFound

from .catalogue import FilterForm

_SHEETS = {
    "csv": ("text/csv; charset=utf-8", exchange.as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exchange.as_excel),
}


def _etag(request: RequestWithActor) -> str:
    """What an answer hangs on: the release, the day, the page."""
    return f'"{current_digest()}-{timezone.localdate()}-{request.GET.get("page", "1")[:5]}"'


@access(public=True, why="只有目录信息，没有任何人的数据，供其他目录收割")
@require_safe
@condition(etag_func=_etag)
def opened(request: RequestWithActor) -> HttpResponseBase:
    """One page of the catalogue as DCAT in JSON-LD."""
    page = request.GET.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 6):
        raise NotFound("没有这一页。", mend="页码是从 1 开始的整数。")
    address = request.build_absolute_uri(reverse("data-catalogue-open"))
    value = exchange.dcat_page(address, page=int(page))
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/ld+json; charset=utf-8")


@access(roles=DATA_DESK)
@require_GET
def sheet(request: RequestWithActor, table: str) -> HttpResponseBase:
    """The resources that were looked for, as a table."""
    if table not in _SHEETS:
        raise NotFound("没有这种格式。", mend="可以下载 csv 或 xlsx。")
    form = FilterForm(request.GET, exchange.facets())
    form.is_valid()
    media, made = _SHEETS[table]
    answer = HttpResponse(made(exchange.resources(form.filters())), content_type=media)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'政务数据资源目录.{table}')}"
    return answer
