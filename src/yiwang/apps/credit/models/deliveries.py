# SPDX-License-Identifier: Apache-2.0
"""What units send: each delivery with its receipt and what was sent back; whose a code was when."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField


class Delivery(models.Model):
    """One file or one call with records, and what became of its rows."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    catalogue = models.CharField(max_length=80)
    way = models.CharField(max_length=8, choices=[("file", "文件"), ("api", "接口")])
    digest = models.CharField(max_length=64, help_text="SM3 of what was sent")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0, help_text="rows whose firm is not registered yet")
    rejects = EncryptedJSONField(default=list, help_text="rows sent back, each with its reasons")
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "catalogue", "digest"], name="credit_delivery_once"),
        ]
        indexes = [models.Index(fields=["catalogue", "org", "at"])]


class CodeUse(models.Model):
    """Whose a code was, from a day to a day (统一社会信用代码映射关系): old registration numbers, and codes
    that changed their owner. Kept apart from the register of firms, which knows today's code alone."""

    code = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    why = EncryptedTextField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["code", "since"])]


class WaitingRow(models.Model):
    """A row whose code is sound but of no firm the city knows yet: kept until it is known, or sent back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="waiting_rows")
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=18)
    cells = EncryptedJSONField(help_text="the row as it was sent")
    due_on = models.DateField(help_text="last day of waiting; then it is sent back")
    settled_at = models.DateTimeField(null=True)
    record = models.CharField(max_length=40, blank=True, help_text="what it became; none: sent back")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "place"], name="credit_waiting_once"),
        ]
        indexes = [models.Index(fields=["settled_at", "code"]), models.Index(fields=["settled_at", "due_on"])]
