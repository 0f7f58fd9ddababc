# SPDX-License-Identifier: Apache-2.0
"""Tables of deliveries in batches."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedTextField

from ..domain.deliveries import BatchState, Form


class Batch(models.Model):
    """A delivery of all rows of a resource under a grant. Its row is the lock for every step of it."""

    public_id = models.CharField(max_length=40, unique=True)
    grant = models.CharField(max_length=40)
    resource = models.CharField(max_length=80)
    org = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    plain = models.JSONField(default=list, help_text="这些信息项是原值，其余按目录脱敏")
    form = models.CharField(max_length=8, choices=[(one.value, one.term) for one in Form])
    purpose = models.CharField(max_length=500)
    basis = models.CharField(max_length=500, blank=True)
    watermark = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=[(one.value, one.term) for one in BatchState])
    why = models.CharField(max_length=300, blank=True, help_text="停止的原因")
    after = EncryptedTextField(default="", row="public_id", help_text="来源中读到的位置：可能是证件号码")
    source_version = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveBigIntegerField(default=0)
    doubts = models.JSONField(default=dict, help_text="可疑的值有几个，按信息项")
    marks = models.JSONField(default=dict, help_text="有异议的记录有几条，按信息项；空为整条记录")
    digest = models.CharField(max_length=64, blank=True)
    asked_by = models.CharField(max_length=80)
    asked_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "asked_at"], name="gateway_batch_org"),
            models.Index(fields=["state", "try_at"], name="gateway_batch_work"),
        ]


class BatchPart(models.Model):
    """One file of a delivery. `digest` is of the file as it is handed out; on the disk it is locked."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    place = models.CharField(max_length=40, help_text="存放的文件名")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="gateway_part_once")]


class BatchDownload(models.Model):
    """Somebody took a file of a delivery."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="downloads")
    number = models.PositiveIntegerField(help_text="第几个文件；0 为清单")
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
