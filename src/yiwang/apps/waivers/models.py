# SPDX-License-Identifier: Apache-2.0
"""Tables of waivers: what departments report, what was published from it."""

from __future__ import annotations

from django.db import models

from .domain.filings import Kind, State

_KINDS = [(kind.value, kind.term) for kind in Kind]


class Series(models.Model):
    """The last batch number of a list. Its row is locked while a batch is published."""

    kind = models.CharField(max_length=12, choices=_KINDS, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class PublishedList(models.Model):
    """A batch of a list: merged first, then published with a number and a day. Entries of a published
    one never change."""

    public_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=_KINDS)
    number = models.PositiveIntegerField(null=True)
    entries = models.JSONField(default=list)
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    published_on = models.DateField(null=True)
    published_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="waivers_batch_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(number=None), name="waivers_one_unpublished"
            ),
        ]


class Filing(models.Model):
    """A department's report of one year. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=_KINDS)
    year = models.PositiveSmallIntegerField()
    org = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=[(state.value, state.term) for state in State])
    rows = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    began_at = models.DateTimeField()
    filled_by = models.JSONField(default=list, help_text="填过、报过的人：审核的不能是其中之一")
    submitted_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=500, blank=True, help_text="退回时写的原因")
    published = models.ForeignKey(PublishedList, null=True, on_delete=models.PROTECT, related_name="filings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year", "org"], name="waivers_filed_once")]
        indexes = [models.Index(fields=["kind", "state"], name="waivers_state")]
