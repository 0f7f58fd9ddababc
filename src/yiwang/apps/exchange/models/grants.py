# SPDX-License-Identifier: Apache-2.0
"""The table of grants. A row is written once; only its end and its reminder are noted later."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from .requests import Consent, DataRequest

_LATER = {"revoked_at", "revoked_by", "revoked_why", "reminded_at"}
"""All that is written after a grant was made."""


class Grant(models.Model):
    """What a provider gave upon a request."""

    public_id = models.CharField(max_length=40, unique=True)
    request = models.OneToOneField(DataRequest, on_delete=models.PROTECT, related_name="grant")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="grants")
    resource = models.CharField(max_length=80)
    provider = models.CharField(max_length=80)
    org = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    plain = models.JSONField(default=list)
    purpose = models.CharField(max_length=500)
    basis = models.CharField(max_length=500)
    item = models.CharField(max_length=80, blank=True)
    per_minute = models.PositiveIntegerField()
    per_day = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    cache_seconds = models.PositiveIntegerField(default=0)
    batch = models.BooleanField(default=False)
    third_party = models.CharField(max_length=200, blank=True)
    narrowed = models.CharField(max_length=500, blank=True)
    secrecy_ground = models.CharField(max_length=500, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=80)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    revoked_why = models.CharField(max_length=500, blank=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["org", "resource", "valid_until"]),
            models.Index(fields=["provider", "valid_until"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(third_party="") | Q(consent__isnull=False), name="exchange_third_party_consented"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="exchange_grant_days_in_order"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; later only what ends it, or its reminder. Raises TypeError for anything else."""
        if not self._state.adding and not set(kwargs.get("update_fields") or ("all",)) <= _LATER:
            raise TypeError("Grant 只能收回，不能修改")
        super().save(*args, **kwargs)
