# SPDX-License-Identifier: Apache-2.0
"""A sheet of ten thousand rows of which some are wrong, from end to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.city import publish
from yiwang.apps.licences.domain.stock_states import Purpose, SheetState
from yiwang.apps.licences.models import Licence, LicenceEvent
from yiwang.apps.licences.stock import hand_in_sheet, sheet_view
from yiwang.apps.licences.stock_run import run_sheet
from yiwang.apps.licences.tests.stock_support import KEEPER, ORG, as_csv, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(settings: object, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    publish()


def test_ten_thousand_rows_of_which_some_are_wrong() -> None:
    rows = [
        row(n, 持证主体代码="411702196001010010") if n % 100 == 7 else row(n % 900 + 28 * n)
        for n in range(10_000)
    ]
    for n, cells in enumerate(rows):
        cells["证照编号"] = f"豫退字{n:06d}"
        cells["持证主体"] = f"退休{cells['持证主体代码']}"
    public_id = hand_in_sheet(KEEPER, org=ORG, purpose=Purpose.STOCK, name="大.csv", content=as_csv(rows))
    list(run_sheet(public_id))
    view = sheet_view(KEEPER, public_id)
    assert (view.state, view.issued, view.wrong, view.percent) == (SheetState.DONE, 9_900, 100, 100)
    assert Licence.objects.count() == LicenceEvent.objects.count() == 9_900
