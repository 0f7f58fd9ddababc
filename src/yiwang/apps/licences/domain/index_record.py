# SPDX-License-Identifier: Apache-2.0
"""What the province's store is told of one licence: index data, not the file (豫数政办〔2023〕3号 L257–258).

Names of the entries follow the metadata of GB/T 36903-2018 as public implementations of it use them;
the text of the standard was not at hand. The codes of the kinds of holder's number are taken from the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.canonical import canonical_digest

PERSON_CODE = ("公民身份号码", "111")
FIRM_CODE = ("统一社会信用代码", "001")


@dataclass(frozen=True)
class IndexRecord:
    """The index of one licence as it stands. `seq` numbers its states: the store keeps the highest."""

    key: str
    seq: int
    identifier: str
    name: str
    type_code: str
    number: str
    issuer: str
    issuer_code: str
    holder: str
    holder_code: str
    holder_is_firm: bool
    issued_on: dt.date
    valid_until: dt.date | None
    standing: str
    standing_since: dt.date

    def as_metadata(self) -> dict[str, Any]:
        """The record under the names of the metadata standard."""
        kind, code = FIRM_CODE if self.holder_is_firm else PERSON_CODE
        return {
            "索引编号": self.key,
            "状态序号": self.seq,
            "证照标识": self.identifier,
            "证照名称": self.name,
            "证照类型代码": self.type_code,
            "证照编号": self.number,
            "证照颁发机构": self.issuer,
            "证照颁发机构代码": self.issuer_code,
            "证照颁发日期": self.issued_on.isoformat(),
            "持证主体": self.holder,
            "持证主体代码": self.holder_code,
            "持证主体代码类型": kind,
            "持证主体代码类型代码": code,
            "证照有效期起始日期": self.issued_on.isoformat(),
            "证照有效期截止日期": self.valid_until.isoformat() if self.valid_until else "长期",
            "证照状态": self.standing,
            "状态生效日期": self.standing_since.isoformat(),
        }

    def digest(self) -> str:
        """The digest of what is told."""
        return canonical_digest(self.as_metadata())


def is_newer(record: Mapping[str, Any], kept: Mapping[str, Any] | None) -> bool:
    """Whether a record that came says something later than the kept one: messages may overtake each other."""
    return kept is None or record["状态序号"] > kept["状态序号"]
