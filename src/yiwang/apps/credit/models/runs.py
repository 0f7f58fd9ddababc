# SPDX-License-Identifier: Apache-2.0
"""Evaluations of all firms: each run, whether it came to its end, by whose rules and program."""

from __future__ import annotations

from django.db import models


class EvaluationRun(models.Model):
    """All firms evaluated once (全量评价). In each period one runs by itself; those begun by hand have no
    period."""

    public_id = models.CharField(max_length=40, unique=True)
    evaluation = models.CharField(max_length=80)
    period = models.DateField(null=True, help_text="first day of the period; none: begun by hand")
    on = models.DateField(help_text="the day whose records it counts")
    by = models.CharField(max_length=80)
    release = models.CharField(max_length=64, help_text="whose rules it used")
    program = models.CharField(max_length=20, help_text="version of the program that ran it")
    begun_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1, help_text="how often it was begun")
    failed = models.CharField(max_length=200, blank=True, help_text="why the last try ended without a result")
    done_at = models.DateTimeField(null=True)
    classes = models.JSONField(default=dict, help_text="class → how many firms")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "period"], name="credit_evaluation_run_once"),
        ]
