# SPDX-License-Identifier: Apache-2.0
"""Which data may leave by which way (政务数据安全管理暂行办法 第十九条、第二十一条).

重要数据 and 核心数据 never go over the internet: not by an interface reached from it, not in a file that
somebody can carry away, not published. Which addresses are the government's own network (电子政务外网) is
said by whoever runs the house; an address nobody named is the internet.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable

from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.termed import Termed

from .kinds import Resource
from .words import Grade


class Way(Termed):
    """How data leaves."""

    GOVERNMENT = "government", "电子政务外网接口"
    INTERNET = "internet", "互联网接口"
    FILE = "file", "经互联网下载的文件"
    PUBLIC = "public", "向社会公开"


def way_from(address: str, networks: Iterable[str], *, file: bool = False) -> Way:
    """The way by which an answer to this address goes; what cannot be read counts as the internet.

    Args:
        networks: the government's own networks, as `10.0.0.0/8`. Raises ValueError for a wrong one.
        file: whether the answer is a file that stays with whoever fetched it.
    """
    own = [ipaddress.ip_network(one.strip()) for one in networks if one.strip()]
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return Way.FILE if file else Way.INTERNET
    inside = any(caller.version == net.version and caller in net for net in own)
    return Way.GOVERNMENT if inside else Way.FILE if file else Way.INTERNET


def grade_of(resource: Resource, fields: Collection[str]) -> Grade:
    """The grade of these items together: at least the highest among them. Unknown items count as core."""
    grades = [Grade.CORE if (one := resource.field(name)) is None else one.grade for name in fields]
    return max([resource.grade, *grades], key=lambda grade: grade.rank)


def refuse_leaving(resource: Resource, fields: Collection[str], way: Way) -> None:
    """Raise NotAllowed if these items may not leave by this way (第十九条)."""
    grade = grade_of(resource, fields)
    if way is not Way.GOVERNMENT and grade >= Grade.IMPORTANT:
        raise NotAllowed(
            f"“{resource.name}”含{grade.term}，不能经{way.term}提供（政务数据安全管理暂行办法第十九条）。",
            mend="请在电子政务外网内调用，或去掉其中的重要数据项后再试。",
        )


def refuse_publishing(resource: Resource, fields: Collection[str], *, consent: bool) -> None:
    """Raise NotAllowed if these items may not be published (第十九条、第二十一条).

    Args:
        consent: whether every person concerned agreed to the publication.
    """
    refuse_leaving(resource, fields, Way.PUBLIC)
    if resource.openness is None:
        raise NotAllowed(
            f"“{resource.name}”没有列为可以开放的数据。", mend="请先由提供部门在目录中写明开放条件。"
        )
    personal = [one.name for one in resource.fields if one.id in fields and (one.subject_id or one.key)]
    masked = [one.name for one in resource.fields if one.id in fields and one.mask.value != "none"]
    if (named := sorted({*personal, *masked}) if resource.subject.value == "person" else sorted(masked)) and (
        not consent
    ):
        raise NotAllowed(
            f"“{'、'.join(named)}”涉及个人信息，未经本人同意不能公开（政务数据安全管理暂行办法第二十一条）。",
            mend="请去掉这些信息项，或先取得本人同意。",
        )
