# SPDX-License-Identifier: Apache-2.0
"""The sample city's needs: every state but one once, through the same commands as in a real city."""

from __future__ import annotations

import pytest

from support import city as town
from yiwang.apps.exchange.public import NeedState, edition, need_counts
from yiwang.conf.demo.needs import WANTED, furnish_needs


@pytest.mark.django_db
def test_the_needs_stand_on_an_edition_and_are_made_once() -> None:
    catalogue = town.publish().catalogue
    assert [furnish_needs(catalogue), furnish_needs(catalogue)] == [len(WANTED), 0]
    assert all(count >= 1 for count in need_counts().values())
    published = edition(1)
    assert published is not None
    assert published.size == len(WANTED) - need_counts()[NeedState.CLOSED]
