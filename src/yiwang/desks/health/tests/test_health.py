# SPDX-License-Identifier: Apache-2.0
"""What load balancers and monitoring are told, and what nobody is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from support.city import City, submitted
from yiwang.apps.journal.public import close_days, seal_batch
from yiwang.desks.health import views

TOKEN = "a-token-for-monitoring-only"
BRING = {"Authorization": f"Bearer {TOKEN}"}


def test_it_lives_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")  # pytest-django refuses any query here
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_it_can_serve_with_a_database_and_a_catalogue(city: City, client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "catalogue": True})


def test_without_a_database_nobody_is_sent_here(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> Any:
            raise DatabaseError("gone")

    monkeypatch.setattr(views, "connection", Gone())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "catalogue": False})


@override_settings(HTTPS=True, SECURE_SSL_REDIRECT=True)
def test_a_check_from_inside_needs_no_https(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/login").status_code == 301


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("", {"Authorization": "Bearer "}),
        (TOKEN, {}),
        (TOKEN, {"Authorization": TOKEN}),
        (TOKEN, {"Authorization": "Bearer 错"}),
    ],
)
def test_counts_are_for_who_has_the_token(token: str, headers: dict[str, str], client: Client) -> None:
    with override_settings(METRICS_TOKEN=token):
        answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 404
    assert b"yiwang_" not in answer.content


def test_counts_name_departments_and_no_case(city: City, client: Client) -> None:
    with transaction.atomic():
        application = submitted(city)
    with override_settings(METRICS_TOKEN=TOKEN):
        text = client.get("/metrics", headers=BRING).content.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["yiwang_outbox_waiting"]) >= 1
    assert float(lines["yiwang_journal_unsealed"]) > 0
    assert float(lines["yiwang_journal_days_unsealed"]) == 0
    lights = {name: float(count) for name, count in lines.items() if name.startswith("yiwang_cases_open{")}
    assert sum(lights.values()) == 6
    assert all('org="' in name for name in lights)
    assert application not in text
    assert city["owner"].id not in text


def test_a_day_that_nobody_sealed_is_told(city: City, client: Client) -> None:
    with transaction.atomic():
        submitted(city)
        seal_batch()
        close_days(now=timezone.now() + dt.timedelta(days=3))
    with override_settings(METRICS_TOKEN=TOKEN):
        text = client.get("/metrics", headers=BRING).content.decode()
    assert "yiwang_journal_days_unsealed 3.0" in text
    assert "yiwang_journal_days_without_root" in text
