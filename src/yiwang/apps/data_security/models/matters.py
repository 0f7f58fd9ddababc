# SPDX-License-Identifier: Apache-2.0
"""Alerts of unusual access; hazards and incidents with what happened to them."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.engines.exchange.unusual import Unusual

from ..domain.moves import IncidentState
from ..domain.words import AlertState, IncidentKind, Stage


class Incident(models.Model):
    """A hazard or an incident of a unit. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(one.value, one.term) for one in IncidentKind])
    stage = models.CharField(max_length=14, choices=[(one.value, one.term) for one in Stage])
    title = models.CharField(max_length=100)
    description = models.TextField()
    grade = models.CharField(max_length=12, blank=True, help_text="涉及数据的最高等级；不清楚的空着")
    personal = models.BooleanField(default=False, help_text="是否涉及个人信息")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in IncidentState])
    found_at = models.DateTimeField(help_text="发现时间")
    found_by = models.CharField(max_length=80)
    entered_at = models.DateTimeField()
    report_by = models.DateTimeField(help_text="第一时间：最迟何时报告，登记时按当时的设定算出")
    reported_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False, help_text="迟报")
    urged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    transferred_to = models.CharField(max_length=60, blank=True, help_text="责任事件移送的单位")
    transferred_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["org", "state"], name="data_security_incident_ix")]


class IncidentEvent(AppendOnly):
    """One move of an incident, or a measure taken."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    move = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    words = models.TextField()


class Alert(models.Model):
    """Something unusual that a caller did on a day, told to the unit's administrator; what is alike is one
    alert with a count. `topic`: what is alike; `generation`: how often that was answered before; `key`: both;
    `pieces`: digest of each finding → how grave it was when it was counted."""

    public_id = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=64, unique=True, help_text="摘要：同一情况只提醒一次")
    topic = models.CharField(max_length=320)
    generation = models.PositiveSmallIntegerField(default=0)
    day = models.DateField()
    count = models.PositiveIntegerField(default=1)
    pieces = models.JSONField(default=dict)
    kind = models.CharField(max_length=14, choices=[(one.value, one.term) for one in Unusual])
    org = models.CharField(max_length=60)
    caller_kind = models.CharField(max_length=10)
    caller = models.CharField(max_length=80)
    caller_name = models.CharField(max_length=80)
    resource = models.CharField(max_length=100, blank=True)
    case = models.CharField(max_length=80, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    figures = models.JSONField()
    sentence = models.TextField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in AlertState])
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=500, blank=True)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="alerts")

    class Meta:
        indexes = [
            models.Index(fields=["org", "state"], name="data_security_alert_ix"),
            models.Index(fields=["org", "day"], name="data_security_alert_day_ix"),
        ]
