# SPDX-License-Identifier: Apache-2.0
"""Rows of requests and grants as the values that rules know."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from yiwang.engines.exchange import Resource, Sharing

from .domain.grants import GrantView
from .domain.terms import NewRequest
from .models import DataRequest, Grant


def asked_of(row: DataRequest) -> NewRequest:
    """What a request asks for."""
    return NewRequest(
        resource=row.resource,
        org=row.org,
        fields=tuple(row.fields),
        purpose=row.purpose,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        per_minute=row.per_minute,
        per_day=row.per_day,
        plain=dict(row.plain),
        item=row.item,
        batch=row.batch,
        cache_seconds=row.cache_seconds,
        third_party=row.third_party,
        third_party_why=row.third_party_why,
    )


def grant_view(row: Grant, known: Mapping[str, Resource]) -> GrantView:
    """A grant as everybody reads it. `known`: resources in force."""
    return GrantView(
        id=row.public_id,
        resource=row.resource,
        org=row.org,
        fields=tuple(row.fields),
        plain=frozenset(row.plain),
        purpose=row.purpose,
        basis=row.basis,
        item=row.item,
        per_minute=row.per_minute,
        per_day=row.per_day,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        cache_seconds=row.cache_seconds,
        batch=row.batch,
        third_party=row.third_party,
        revoked_at=row.revoked_at,
        provider=row.provider,
        request=row.request.public_id,
        granted_at=row.granted_at,
        granted_by=row.granted_by,
        narrowed=row.narrowed,
        secrecy_ground=row.secrecy_ground,
        consent=row.consent.public_id if row.consent else "",
        revoked_why=row.revoked_why,
        revoked_by=row.revoked_by,
        suspended=_suspended(row, known.get(row.resource)),
    )


def _suspended(row: Grant, known: Resource | None) -> str:
    if known is None or not known.valid_on(timezone.localdate()):
        return "这项资源已经不在目录里，授权暂停使用。"
    if known.sharing is Sharing.NOT_SHARED:
        return "这项资源已经改为不予共享，授权暂停使用。"
    if known.provider != row.provider:
        return "这项资源换了提供部门，请向新的提供部门重新申请。"
    return ""
