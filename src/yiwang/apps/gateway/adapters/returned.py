# SPDX-License-Identifier: Apache-2.0
"""Rows that flowed back from the province (回流数据): the newest whole batch that one department was given.

The batch lies locked in the house and is verified again whenever it is opened; it is kept in memory, as a
file is, until a newer one lands. It serves no longer than the province's own grant.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from yiwang.apps.exchange.public import ReturnedNow, returned_content, returned_now
from yiwang.kernel.errors import Invalid, NotFound

from ..domain.connecting import Registered, SourceDown
from .base import left, malformed, table_of
from .registering import FieldId, Registration, read_registration
from .tables import KEPT, TableConnector


def _code(text: str) -> str:
    if not text or len(text) > 80 or not text.replace("-", "").replace("_", "").isalnum():
        raise ValueError("编号不对：字母、数字、“-”和“_”，最长80个字")
    return text


class ReturnedRegistration(Registration):
    """Which resource of the province, given to which department of ours; field → the province's item."""

    code: Annotated[str, AfterValidator(_code)]
    org: Annotated[str, AfterValidator(_code)]
    columns: dict[FieldId, Annotated[str, AfterValidator(_code)]] = Field(min_length=1)


class ReturnedConnector(TableConnector):
    """A connector over what flowed back."""

    def __init__(self, registered: Registered) -> None:
        """Raises Invalid for a bad registration."""
        self._spec = read_registration(ReturnedRegistration, registered.config)
        self._most = registered.limits.most_file_bytes
        self.columns = dict(self._spec.columns)

    def table(self, deadline: float) -> tuple[str, Any]:
        """The newest batch; which one it is is asked each time, what is in it is read once."""
        now = self._now()
        table = KEPT.get(now.id)
        if table is None:
            left(deadline)
            table = self._read(now)
            KEPT.keep(now.id, table)
        return now.id, table

    def _now(self) -> ReturnedNow:
        found = returned_now(self._spec.code, self._spec.org)
        if found is None:
            raise SourceDown(
                "省级数据还没有回流，或者省级的授权已经到期。", mend="请在“省级平台”查看申请和回流情况。"
            )
        if missing := sorted(set(self.columns.values()) - set(found.fields)):
            raise malformed(f"省级没有授权这些信息项：{'、'.join(missing)}")
        return found

    def _read(self, now: ReturnedNow) -> Any:
        if now.bytes > self._most:
            raise malformed("回流的数据太大")
        try:
            lines = returned_content(now.id).splitlines()
        except (Invalid, NotFound) as error:
            raise SourceDown(error.message, mend=error.mend) from None
        rows = [json.loads(line) for line in lines if line.strip()]
        return table_of(now.fields, [[row.get(name) for name in now.fields] for row in rows])
