# SPDX-License-Identifier: Apache-2.0
"""Tables of the project gate: government IT projects, and the data-sharing opinions on them."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly

from ..domain.projects import Stage, State

_STATES = [(one.value, one.term) for one in State]


class ItProject(models.Model):
    """A government IT project. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    org = models.CharField(max_length=80)
    stage = models.CharField(max_length=12, choices=[(one.value, one.term) for one in Stage])
    year = models.PositiveSmallIntegerField()
    money = models.PositiveBigIntegerField(default=0)
    summary = models.CharField(max_length=1000)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=_STATES)
    version = models.PositiveIntegerField(default=1)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=80)
    fillers = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "name", "year"], name="exchange_project_once_a_year")
        ]


class ProjectOpinion(AppendOnly):
    """One opinion, kept for good: a project that is mended gets another."""

    project = models.ForeignKey(ItProject, on_delete=models.PROTECT, related_name="opinions")
    state = models.CharField(max_length=12, choices=_STATES)
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    words = models.CharField(max_length=500, blank=True)
    release = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    given_by_name = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
