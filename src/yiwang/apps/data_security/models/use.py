# SPDX-License-Identifier: Apache-2.0
"""Daily sums of calls, kept by the worker; good cases of use."""

from __future__ import annotations

from django.db import models

from ..domain.words import GoodCaseState


class WatchMark(models.Model):
    """When calls were last watched, and summed."""

    key = models.CharField(max_length=10, primary_key=True)
    at = models.DateTimeField()


class WatchedSpan(models.Model):
    """How many calls a caller had in a span of time (`at`: its beginning) when their day was last judged:
    who has as many still needs no second look."""

    at = models.DateTimeField()
    caller_kind = models.CharField(max_length=10)
    caller = models.CharField(max_length=80)
    org = models.CharField(max_length=80)
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["at", "caller_kind", "caller", "org"], name="data_security_watched_once"
            )
        ]


class RolledDay(models.Model):
    """A day (Beijing time) whose calls were summed: how many there were then."""

    day = models.DateField(primary_key=True)
    calls = models.PositiveIntegerField()
    rolled_at = models.DateTimeField()


class UseDay(models.Model):
    """What a department called of a resource on a day, for an item, in a way, with an end."""

    day = models.DateField()
    org = models.CharField(max_length=80)
    resource = models.CharField(max_length=100)
    kind = models.CharField(max_length=14, help_text="核验、查询、分析、协同")
    item = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=10)
    calls = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()
    ms = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "org", "resource", "kind", "item", "outcome"], name="data_security_use_once"
            )
        ]
        indexes = [models.Index(fields=["org", "day"], name="data_security_use_org_ix")]


class SavedDay(models.Model):
    """What shared data spared applicants on a day: questions they need not answer, documents they need
    not bring."""

    day = models.DateField()
    org = models.CharField(max_length=80)
    resource = models.CharField(max_length=100)
    questions = models.PositiveIntegerField()
    documents = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "org", "resource"], name="data_security_saved_once")
        ]


class CallerDay(models.Model):
    """What a caller did on a day: their past, against which the next days are held."""

    day = models.DateField()
    caller_kind = models.CharField(max_length=10)
    caller = models.CharField(max_length=80)
    org = models.CharField(max_length=80)
    calls = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()
    hours = models.JSONField(help_text="在哪几个钟点调用过")
    fields = models.JSONField(help_text="资源 → 要过的字段")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "caller_kind", "caller", "org"], name="data_security_caller_once"
            )
        ]
        indexes = [models.Index(fields=["caller", "day"], name="data_security_caller_ix")]


class GoodCase(models.Model):
    """A good case of use (优秀案例): nominated by a unit, chosen and published by the bureau."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    story = models.TextField()
    resources = models.JSONField(default=list)
    figures = models.JSONField(default=dict, help_text="推荐时的调用数字")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in GoodCaseState])
    nominated_at = models.DateTimeField()
    nominated_by = models.CharField(max_length=80)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True)
