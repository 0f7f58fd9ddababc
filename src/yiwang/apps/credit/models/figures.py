# SPDX-License-Identifier: Apache-2.0
"""Trainings of representatives, and the figures of each half-year as they were drawn up."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly


class Training(AppendOnly):
    """The legal representative of a listed firm took part in a training for repair (信用修复培训, L695)."""

    firm = models.CharField(max_length=40)
    on = models.DateField()
    course = models.CharField(max_length=80, help_text="which training")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["firm", "on", "course"], name="credit_training_once"),
        ]


class Bulletin(AppendOnly):
    """The figures of a half-year (年中、年底通报, L715): drawn up once, then never changed."""

    last = models.DateField(unique=True, help_text="last day of the half-year")
    at = models.DateTimeField(help_text="when the figures were taken")
    release = models.CharField(max_length=64, help_text="whose targets they are held against")
    figures = models.JSONField(help_text="goals and counties, as numbers: nobody is named")
