# SPDX-License-Identifier: Apache-2.0
"""Who is a unit's security administrator; the registers a unit keeps."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly

from ..domain.registers import Register


class Administrator(models.Model):
    """A unit's 政务数据安全管理员, from a moment to a moment. One at a time."""

    org = models.CharField(max_length=60)
    officer = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    appointed_at = models.DateTimeField()
    appointed_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org"], condition=models.Q(ended_at=None), name="data_security_one_administrator"
            )
        ]


class RegisterLine(AppendOnly):
    """One line of a register. A wrong one is not changed: another line says so (`corrects`)."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    register = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Register])
    day = models.DateField()
    content = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_name = models.CharField(max_length=80)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")

    class Meta:
        indexes = [models.Index(fields=["org", "register", "day"], name="data_security_register_ix")]
