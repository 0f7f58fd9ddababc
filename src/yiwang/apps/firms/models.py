# SPDX-License-Identifier: Apache-2.0
"""Tables of requests of firms. What a firm wrote, and what it was answered, is locked at rest."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedTextField

from .domain.requests import Part, State


class NumberSeries(models.Model):
    """The last number given in a year; its row is locked while a number is taken."""

    key = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class FirmRequest(models.Model):
    """Something a firm asks the government to settle. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=40, unique=True)
    firm = models.CharField(max_length=40, help_text="企业的公开编号")
    raised_by = models.CharField(max_length=80)
    clerk = models.CharField(max_length=80, blank=True, help_text="窗口代提的工作人员")
    clerk_name = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=80)
    title = EncryptedTextField(row="public_id")
    words = EncryptedTextField(row="public_id")
    files = models.JSONField(default=list, help_text="附件的公开编号")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in State])
    org = models.CharField(max_length=60, help_text="现在在哪个部门手里")
    place = models.CharField(max_length=40, blank=True)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, unique=True, null=True, help_text="提交的幂等键")

    class Meta:
        indexes = [
            models.Index(fields=["firm", "-id"], name="firms_of_firm"),
            models.Index(fields=["org", "state"], name="firms_of_org"),
        ]


class Turn(models.Model):
    """One stretch of the clock: a dispatch, or one handling with its reply and what the firm said of it."""

    request = models.ForeignKey(FirmRequest, on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=[(one.value, one.term) for one in Part])
    org = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    due_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_name = models.CharField(max_length=80, blank=True)
    escalated_at = models.DateTimeField(null=True, help_text="逾期后何时报上一级督办")
    returned = models.CharField(max_length=500, blank=True, help_text="退回改派的理由")
    reply = EncryptedTextField(blank=True)
    done = EncryptedTextField(blank=True, help_text="做了什么")
    satisfied = models.BooleanField(null=True)
    rating_words = EncryptedTextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True, help_text="答复何时在窗口交给企业")
    handed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="firms_turn_once")]
        indexes = [models.Index(fields=["ended_at", "due_on"], name="firms_turn_due")]


class ServiceOfficer(models.Model):
    """An officer who looks after a firm (包联干部、首席服务员), until somebody else does."""

    firm = models.CharField(max_length=40)
    officer = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    org = models.CharField(max_length=60)
    phone = EncryptedTextField(blank=True, help_text="办公电话")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    assigned_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm"], condition=models.Q(until=None), name="firms_one_officer")
        ]
        indexes = [models.Index(fields=["officer"], name="firms_of_officer")]
