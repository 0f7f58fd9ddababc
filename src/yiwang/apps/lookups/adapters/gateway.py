# SPDX-License-Identifier: Apache-2.0
"""The exchange of this house: grants from `apps/exchange`, calls through `apps/gateway`.

Every call is made by the system for one application, in the name of the department that holds the
grant; the gateway checks it, writes it down and gives the receipt.
"""

from __future__ import annotations

import datetime as dt

from yiwang.apps.exchange.public import active_grant
from yiwang.apps.exchange.public import grant as granted
from yiwang.apps.gateway.public import Caller, CallerKind, NewCall, call
from yiwang.apps.lookups.public import Granted, Reply, Request

_CALLER = "system:共享数据查询"
_NAME = "系统（申请人同意的查询）"


class GatewayExchange:
    """Grants and calls of this house."""

    def grant_of(self, resource: str, org: str, item: str, *, at: dt.datetime) -> Granted | None:
        """The grant that a department has of a resource for this item, in force at a moment."""
        found = active_grant(resource=resource, org=org, item=item, at=at)
        if found is None:
            return None
        return Granted(found.id, frozenset(found.fields), found.plain, found.basis)

    def ask(self, request: Request, *, now: dt.datetime) -> Reply:
        """One call. Raises what the gateway raises: no grant, out of scope, quota, source down or slow."""
        asked = NewCall(
            grant=request.grant,
            keys=request.keys,
            fields=request.fields,
            purpose=granted(request.grant).purpose,
            case=request.case,
            subject=request.subject,
            consent=request.consent,
        )
        result = call(Caller(CallerKind.SYSTEM, _CALLER, _NAME, request.org), asked, now=now)
        return Reply(result.rows, result.receipt)
