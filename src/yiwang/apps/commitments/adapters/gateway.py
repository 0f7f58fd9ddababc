# SPDX-License-Identifier: Apache-2.0
"""Shared data of this house: under a grant of the department for the very item, with the grant's purpose."""

from __future__ import annotations

import datetime as dt

from yiwang.apps.catalogue.public import current
from yiwang.apps.exchange.public import active_grant
from yiwang.apps.gateway.public import Caller, CallerKind, NewCall, call
from yiwang.engines.exchange import Mask, resources
from yiwang.kernel.errors import NotFound

from ..public import Question, Reply

_CALLER, _NAME = "system:告知承诺核查", "系统（告知承诺在线核查）"


class GatewaySource:
    """Grants of `apps/exchange`, calls through `apps/gateway`: each is written down there."""

    def ask(self, question: Question, *, now: dt.datetime) -> Reply:
        """One call. Raises NotFound without a grant that covers it; what the gateway raises."""
        grant = active_grant(resource=question.resource, org=question.org, item=question.item, at=now)
        if grant is None or not {*question.keys, *question.fields} <= set(grant.fields):
            raise NotFound("没有共享授权，或者授权不含要比的内容。", mend="请数据管理员申请共享。")
        asked = NewCall(
            grant=grant.id, keys=question.keys, fields=question.fields, purpose=grant.purpose,
            case=question.case,
        )  # fmt: skip
        result = call(Caller(CallerKind.SYSTEM, _CALLER, _NAME, question.org), asked, now=now)
        known = resources(current().catalogue)[question.resource]
        plain = {one.id for one in known.fields if one.mask is Mask.NONE or one.id in grant.plain}
        return Reply(result.rows, frozenset(plain), result.receipt)
