# SPDX-License-Identifier: Apache-2.0
"""How much waits, counted when somebody asks; the same whichever process answers."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from yiwang.apps.casework.public import lights_by_org
from yiwang.apps.catalogue.public import current_digest
from yiwang.apps.gateway.public import Circuit, recent_outcomes, source_states
from yiwang.apps.journal.public import backlog, days_so_far
from yiwang.kernel.actor import Actor, ActorKind, Post, Role
from yiwang.kernel.dates import today_in_china

_WATCHER = Actor(ActorKind.OFFICER, "monitoring", "监控", (Post(Role.AUDITOR),))
"""Sees counts of every department, and no case."""


class Waiting(Collector):
    """Messages that wait, rows to seal, open cases by light."""

    def collect(self) -> Iterator[Metric]:
        """Count now."""
        now = backlog()
        oldest = now["oldest_waiting"]
        age = (timezone.now() - oldest).total_seconds() if oldest else 0
        yield GaugeMetricFamily("yiwang_outbox_waiting", "待发的对外消息", value=now["waiting"])
        yield GaugeMetricFamily("yiwang_outbox_oldest_seconds", "最早一条待发消息等了几秒", value=age)
        yield GaugeMetricFamily("yiwang_outbox_parked", "转人工的对外消息", value=len(now["parked"]))
        yield GaugeMetricFamily("yiwang_journal_unsealed", "还没封存的日志行", value=now["unsealed"])
        yield from _days()
        if current_digest() is not None:
            yield _cases_by_light()
        yield from _shared_data()


def _days() -> Iterator[Metric]:
    days = days_so_far()
    yield GaugeMetricFamily("yiwang_journal_days_unsealed", "日根还没有签章的天数", value=days.unsealed)
    if days.rooted is not None:
        late = (today_in_china() - days.rooted).days - 1
        yield GaugeMetricFamily("yiwang_journal_days_without_root", "过完了还没有日根的天数", value=late)


def _shared_data() -> Iterator[Metric]:
    calls = GaugeMetricFamily("yiwang_gateway_calls", "最近10分钟的共享数据调用，按结果", labels=["outcome"])
    for outcome, count in recent_outcomes(now=timezone.now()).items():
        calls.add_metric([outcome], count)
    yield calls
    sources = GaugeMetricFamily("yiwang_gateway_source_open", "数据来源是否暂停访问", labels=["resource"])
    for one in source_states():
        sources.add_metric([one.resource], int(one.circuit is not Circuit.CLOSED))
    yield sources


def _cases_by_light() -> Metric:
    family = GaugeMetricFamily("yiwang_cases_open", "在办事项，按部门和亮灯", labels=["org", "light"])
    for row in lights_by_org(_WATCHER):
        for light in ("green", "yellow", "red", "late", "grey"):
            family.add_metric([row.org, light], getattr(row, light))
    return family


def exposition() -> bytes:
    """Everything in Prometheus' text format: the counts of all processes of this server, and what waits."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    waiting = CollectorRegistry()
    waiting.register(Waiting())
    return generate_latest(registry) + generate_latest(waiting)
