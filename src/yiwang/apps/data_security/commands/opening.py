# SPDX-License-Identifier: Apache-2.0
"""Before data is opened (第十七、十九、二十一条): may it be, and could somebody be singled out?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from yiwang.apps.catalogue.public import current
from yiwang.engines.definitions import whole
from yiwang.engines.exchange import Resource, resources
from yiwang.engines.exchange.leaving import refuse_publishing
from yiwang.engines.exchange.singling import Singling, check_before_opening
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import Invalid, NotAllowed, NotFound
from yiwang.kernel.ids import new_public_id

from ..domain.powers import manages, sees_all
from ..domain.settings import OPEN_AT_LEAST
from ._shared import bodies, note, refuse

MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class Opening:
    """What a check found. `refused`: why it may not be published at all; "" if it may. `columns`: the
    items of information that were recognised."""

    receipt: str
    columns: Sequence[str]
    refused: str
    singling: Singling

    @property
    def may_open(self) -> bool:
        """Whether nothing found stands against opening it."""
        return not self.refused and self.singling.may_open


@transaction.atomic
def check_opening(actor: Actor, resource: str, content: bytes, *, consent: bool = False) -> Opening:
    """Check a CSV file of one's own unit's data before it is opened; the check is on record, the file is
    not kept.

    Args:
        consent: every person concerned agreed to the publication.

    Raises:
        NotFound: no such resource. NotAllowed: another unit's.
        Invalid: no table in UTF-8 or GB18030, a column that is no item of the resource, too many rows.
    """
    known = resources(current().catalogue).get(resource)
    if known is None:
        raise NotFound("目录里没有这个数据资源。", mend="请从列表中选择。")
    if not (manages(actor, known.provider) or sees_all(actor, bodies())):
        raise refuse("检查这个单位的数据")
    columns, rows = _table(known, content)
    try:
        refuse_publishing(known, columns, consent=consent)
        refused = ""
    except NotAllowed as error:
        refused = str(error)
    found = check_before_opening(known, _counted(rows), k=whole(current().catalogue, OPEN_AT_LEAST))
    made = Opening(new_public_id("open"), columns, refused, found)
    detail = {"resource": resource, "rows": found.rows, "smallest": found.smallest, "at_risk": found.at_risk}
    detail |= {"k": found.k, "may_open": made.may_open, "consent": consent}
    note(actor, "opening.checked", f"data-security:{known.provider}", made.receipt, detail)
    return made


def _table(resource: Resource, content: bytes) -> tuple[list[str], Iterator[Mapping[str, str]]]:
    """The items that the columns are (by id or name), and the rows by item."""
    reader = csv.reader(io.StringIO(_decoded(content)))
    head = [one.strip() for one in next(reader, [])]
    ids = {name: one.id for one in resource.fields for name in (one.id, one.name)}
    unknown = [one for one in head if one not in ids]
    if not head or unknown:
        raise Invalid(
            f"这些列不是该资源的信息项：{'、'.join(unknown) or '（没有表头）'}。",
            mend="第一行写信息项的名称或编号，多余的列请去掉。",
            field="file",
        )
    columns = [ids[one] for one in head]
    return columns, (dict(zip(columns, row, strict=False)) for row in reader if any(row))


def _counted(rows: Iterator[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            raise Invalid(f"超过{MOST_ROWS}行。", mend="请分成几个文件检查。", field="file")
        yield row


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("这个文件不是 CSV 表格。", mend="请另存为 CSV（UTF-8）再上传。", field="file")
