# SPDX-License-Identifier: Apache-2.0
"""Written consent to a third party: what exactly was consented to, and whether it fits a request.

政务数据安全管理暂行办法第二十条 (gb-2020-10 L2163–2169): giving data outside needs application and
approval; where the provider's interest is concerned, the provider's written consent. The house asks
for the consent always: whose interest is concerned is then never in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.termed import Termed


class Form(Termed):
    """How consent was given."""

    SIGNED = "signed", "签字盖章的书面同意"  # 盖章、签字的书面文件，扫描上传
    ELECTRONIC = "electronic", "在线书面同意"  # 部门负责人登录后在线确认


def digest_of(*, request: str, resource: str, fields: Sequence[str], purpose: str, third_party: str) -> str:
    """What is consented to, as one digest: a request that was changed since needs a new consent."""
    said = {"request": request, "resource": resource, "fields": sorted(fields)}
    return canonical_digest({**said, "purpose": purpose, "third_party": third_party})
