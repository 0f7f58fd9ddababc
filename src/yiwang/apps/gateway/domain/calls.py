# SPDX-License-Identifier: Apache-2.0
"""What may be asked within a grant: a pure decision over the grant, the resource and the question.

A refusal never says what the grant would have allowed to somebody who has no part in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from yiwang.engines.exchange import Resource
from yiwang.engines.exchange.leaving import Way
from yiwang.kernel.errors import Invalid, Kind, NotAllowed, NotFound, YiwangError
from yiwang.kernel.text import is_plain

LONGEST_KEY = 100  # characters of a value that is searched by
LONGEST_NAME = 80  # of a case number, a consent, a request id
SHORTEST_REQUEST = 16  # of a request id: it keeps the digest of the request from being guessed


class CallerKind(StrEnum):
    """Who calls."""

    CLIENT = "client"  # 接入系统
    OFFICER = "officer"  # 工作人员
    SYSTEM = "system"  # 平台为一个办件


@dataclass(frozen=True)
class Caller:
    """Who calls, and for which department. `id` is a public id, `name` what the journal shows."""

    kind: CallerKind
    id: str
    name: str
    org: str


@dataclass(frozen=True)
class NewCall:
    """A question.

    Attributes:
        grant: public id of the grant it is asked under.
        keys: information item → value to search by; one at least.
        fields: which granted items are wanted; None: all of them.
        purpose: the purpose of the grant, in its own words (办件编号 goes into `case`).
        case: number or public id of the case at hand.
        subject: public id of the person or firm concerned, where the caller knows it.
        consent: public id of the consent it rests on, where there is one.
        request_id: random, 16 characters at least; made here when empty.
        sent: the bytes that were signed, for calls over HTTP: what the digest of the request covers.
        nonce: of the signature; a second call with it is refused.
        way: by which way the answer leaves; what nobody said is the internet (第十九条).
    """

    grant: str
    keys: Mapping[str, Any]
    fields: Sequence[str] | None
    purpose: str
    case: str = ""
    subject: str = ""
    consent: str = ""
    request_id: str = ""
    sent: bytes = b""
    nonce: str = ""
    way: Way = Way.INTERNET


class Grant(Protocol):
    """What a call needs to know of a grant."""

    @property
    def id(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def org(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...
    @property
    def plain(self) -> frozenset[str]: ...
    @property
    def purpose(self) -> str: ...
    @property
    def cache_seconds(self) -> int: ...
    def usable(self, at: dt.datetime) -> bool:
        """Whether it is in force."""
        ...


class NoGrant(NotFound):
    """There is no such grant, or none of the caller's department."""


class Ended(NotAllowed):
    """The grant is not in force."""


class OutOfScope(NotAllowed):
    """The grant does not hold what is asked, or not for this."""


class QuotaUsed(YiwangError):
    """The grant's calls of this minute or day are used up. `window`: which grant's, which one."""

    kind = Kind.UNAVAILABLE
    window: tuple[str, str] = ("", "")


class Replayed(NotAllowed):
    """This very request was answered already."""


def require_grant(grant: Grant, caller: Caller, at: dt.datetime) -> None:
    """Raise NoGrant when it is another department's, Ended when it is not in force."""
    if not caller.org or grant.org != caller.org:
        raise no_grant()
    if not grant.usable(at):
        raise Ended(
            "这项授权还没有生效、已经到期，或者已经撤销。", mend="请在数据共享中查看，需要时重新申请。"
        )


def no_grant() -> NoGrant:
    """The refusal for what is not there and what is somebody else's, alike."""
    return NoGrant("没有这项授权。", mend="请核对授权编号；授权属于哪个部门，只能由哪个部门使用。")


def fields_of(grant: Grant, resource: Resource, asked: NewCall) -> tuple[str, ...]:
    """The items that the call may return, in the order of the grant.

    Raises:
        OutOfScope: another purpose, items that are not granted, keys the resource is not searched by.
        Invalid: a key is empty, too long, or no text or whole number.
    """
    if " ".join(asked.purpose.split()) != " ".join(grant.purpose.split()):
        raise OutOfScope(
            "用途与授权不符，或者没有写用途。",
            mend="请照授权上的用途原样填写；另有用途的，请另行申请。",
            field="purpose",
        )
    wanted = grant.fields if asked.fields is None else tuple(asked.fields)
    known = {field.id for field in resource.fields}
    if not wanted or (beyond := set(wanted) - (set(grant.fields) & known)):
        names = "、".join(sorted(beyond)) if wanted else "（一项也没有写）"
        raise OutOfScope(
            f"这些信息项没有授权：{names}。", mend="请只要授权里的信息项，或另行申请。", field="fields"
        )
    _check_keys(asked.keys, resource.keys)
    return tuple(one for one in grant.fields if one in set(wanted))


def _check_keys(keys: Mapping[str, Any], allowed: Collection[str]) -> None:
    if not keys or (beyond := set(keys) - set(allowed)):
        names = f"：{'、'.join(sorted(beyond))}" if keys else ""
        raise OutOfScope(
            f"不能这样查询{names}。", mend=f"可以按这些信息项查：{'、'.join(allowed)}。", field="keys"
        )
    for name, value in keys.items():
        sound = isinstance(value, int | str) and not isinstance(value, bool)
        text = str(value)
        if not sound or not text.strip() or len(text) > LONGEST_KEY or not is_plain(text):
            raise Invalid(
                f"查询条件“{name}”不对。", mend=f"请填 1 到 {LONGEST_KEY} 个字的文字或整数。", field="keys"
            )


def check_form(asked: NewCall) -> None:
    """Raise Invalid for a case number, consent or request id that cannot be kept."""
    for name in ("case", "consent", "subject", "request_id", "nonce"):
        value = getattr(asked, name)
        if len(value) > LONGEST_NAME or not is_plain(value) or "\n" in value:
            raise Invalid(f"{name} 不对。", mend=f"请填最多 {LONGEST_NAME} 个字的一行文字。", field=name)
    if asked.request_id and len(asked.request_id) < SHORTEST_REQUEST:
        raise Invalid(
            "request_id 太短。", mend=f"请用至少 {SHORTEST_REQUEST} 个字符的随机编号。", field="request_id"
        )
