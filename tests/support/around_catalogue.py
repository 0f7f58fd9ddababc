# SPDX-License-Identifier: Apache-2.0
"""A need of data, its published edition, and a census draft of the department `OFFICE`."""

from __future__ import annotations

from support.city import OFFICE, City
from yiwang.apps.exchange.public import NewNeed, list_need, publish_needs, save_entry
from yiwang.engines.exchange import NeedKind

MISSING = {
    **{"resource": "no-such-resource", "field": "no-such-item"},
    **{"table": "no-such-table", "edition": "999999"},
    **{"need": "need_" + "0" * 26, "entry": "census_" + "0" * 26},
}


def around_catalogue(city: City) -> dict[str, str]:
    """Path parameter → id."""
    officer = city["data of a department"]
    need = list_need(officer, NewNeed(OFFICE, NeedKind.VERIFY, "核验婚姻状况", "申请人是否已婚"))
    edition = publish_needs(city["data"])
    entry = save_entry(officer, OFFICE, {"name": "医疗机构执业登记信息"})
    found = {"need": need, "edition": str(edition), "entry": entry}
    return {"resource": "marriage-registration", "field": "marital-status", "table": "csv", **found}
