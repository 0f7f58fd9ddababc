# SPDX-License-Identifier: Apache-2.0
"""What was taken from deliveries of the exchange for matching: facts only, by subject, under one grant."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField


class Extract(models.Model):
    """The facts that one delivery gave for one source. It counts while its grant does, and until a newer one
    of the same source."""

    public_id = models.CharField(max_length=40, unique=True)
    source = models.CharField(max_length=80)
    resource = models.CharField(max_length=80)
    org = models.CharField(max_length=60)
    grant = models.CharField(max_length=40)
    batch = models.CharField(max_length=40)
    made_on = models.DateField(help_text="交付生成的日子：数据截至这一天")
    taken_by = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    unknown = models.PositiveIntegerField(default=0, help_text="没有登记过、对不上主体的行数")
    unreadable = models.PositiveIntegerField(default=0, help_text="规则用不了的行数")
    removed_at = models.DateTimeField(null=True, help_text="授权停用或有了更新的，事实删除的时间")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "batch"], name="benefits_extract_once")]
        indexes = [models.Index(fields=["source", "removed_at"], name="benefits_extracts")]


class ExtractRow(models.Model):
    """What an extract says of one subject."""

    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="rows")
    subject = models.CharField(max_length=40, db_index=True)
    facts = EncryptedJSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["extract", "subject"], name="benefits_extract_row_once")
        ]
