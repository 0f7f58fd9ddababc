# SPDX-License-Identifier: Apache-2.0
"""Quality runs: what was read, what was found, what the provider is asked to mend. Numbers and concealed
keys only; what is read for judging lies locked in files until the run ends."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField
from yiwang.engines.exchange.quality_kinds import Dimension, QualityKind

from ..domain.runs import RunState, TaskState


class QualityRun(models.Model):
    """One run over a resource. Its row is the lock for whoever works on it."""

    public_id = models.CharField(max_length=40, unique=True)
    resource = models.CharField(max_length=80)
    provider = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=[(one.value, one.term) for one in RunState])
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    release = models.CharField(max_length=64, help_text="按哪个目录版本的规则")
    taken_by = models.CharField(max_length=40, blank=True, help_text="正在做它的进程")
    taken_until = models.DateTimeField(null=True, help_text="到何时")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, help_text="没有读成的，何时再读")
    progress = EncryptedJSONField(default=dict, row="public_id", help_text="每个资源读到了哪里")
    rows = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True, help_text="没有读成的原因")
    score = models.PositiveIntegerField(null=True, help_text="百分制，以百分之一分为单位")
    dimensions = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource"], condition=models.Q(state="reading"), name="quality_one_run"
            )
        ]
        indexes = [models.Index(fields=["resource", "-asked_at"], name="quality_runs")]


class Finding(models.Model):
    """What came of one rule in a run."""

    run = models.ForeignKey(QualityRun, on_delete=models.PROTECT, related_name="findings")
    rule = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=[(one.value, one.term) for one in QualityKind])
    dimension = models.CharField(max_length=10, choices=[(one.value, one.term) for one in Dimension])
    says = models.CharField(max_length=1000)
    judged = models.PositiveBigIntegerField()
    failed = models.PositiveBigIntegerField()
    wanted = models.DecimalField(max_digits=9, decimal_places=8)
    met = models.BooleanField()
    samples = models.JSONField(default=list, help_text="不合格的行：脱敏的主键和盲索引")


class Task(models.Model):
    """What the provider is asked to mend: one per rule, until a run confirms it."""

    public_id = models.CharField(max_length=40, unique=True)
    resource = models.CharField(max_length=80)
    provider = models.CharField(max_length=60)
    rule = models.CharField(max_length=80)
    advice = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in TaskState])
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    failed = models.PositiveBigIntegerField()
    returned = models.PositiveSmallIntegerField(default=0, help_text="复查不合格的次数")
    words = models.CharField(max_length=500, blank=True)
    mended_by = models.CharField(max_length=80, blank=True)
    mended_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "rule"],
                condition=~models.Q(state="confirmed"),
                name="quality_one_task",
            )
        ]
        indexes = [models.Index(fields=["provider", "state"], name="quality_tasks")]
