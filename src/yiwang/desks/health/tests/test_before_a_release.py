# SPDX-License-Identifier: Apache-2.0
"""A new machine, before its first catalogue: it lives, it counts, it does not serve."""

from __future__ import annotations

import pytest
from django.test import Client
from django.test.utils import override_settings

TOKEN = "a-token-for-monitoring-only"


@pytest.mark.django_db
def test_without_a_catalogue_nobody_is_sent_here(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "catalogue": False})


@pytest.mark.django_db
def test_before_the_first_release_there_are_counts_all_the_same(client: Client) -> None:
    with override_settings(METRICS_TOKEN=TOKEN):
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert b"yiwang_outbox_parked 0.0" in answer.content
