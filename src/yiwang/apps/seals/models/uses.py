# SPDX-License-Identifier: Apache-2.0
"""Requests to use a seal, and every use and every refusal."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly

from ..domain.uses import Scope, UseState
from .seals import Seal


class Use(models.Model):
    """A request to use a seal (用印申请), decided by somebody else of the unit."""

    public_id = models.CharField(max_length=40, unique=True)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="uses")
    scope = models.CharField(max_length=10, choices=[(s.value, s.term) for s in Scope])
    purpose = models.CharField(max_length=200, help_text="用印事由")
    document = models.CharField(max_length=60, blank=True, help_text="一份文书的编号")
    material = models.CharField(max_length=80, blank=True, help_text="证照类型")
    until = models.DateField(help_text="含当日")
    limit = models.PositiveIntegerField(help_text="最多几份")
    taken = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(s.value, s.term) for s in UseState])
    asked_by = models.CharField(max_length=60)
    asked_by_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60, blank=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True, help_text="审批意见、收回的理由")

    class Meta:
        indexes = [models.Index(fields=["seal", "state"], name="seals_use_state")]
        constraints = [
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("limit")), name="seals_use_limit")
        ]


class Pressing(AppendOnly):
    """One impression (用章记录), or one attempt that was refused."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="pressings")
    use = models.ForeignKey(Use, null=True, on_delete=models.PROTECT, related_name="pressings")
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True, help_text="文书编号")
    case = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="被盖内容的 SM3")
    document_property = models.CharField(max_length=200, blank=True)
    signature_digest = models.CharField(max_length=64, blank=True, help_text="签章数据的 SM3")
    refused = models.CharField(max_length=200, blank=True, help_text="没有盖成的原因；空为已盖")

    class Meta:
        indexes = [
            models.Index(fields=["seal", "at"], name="seals_pressed_at"),
            models.Index(fields=["use", "about"], name="seals_pressed_about"),
        ]
