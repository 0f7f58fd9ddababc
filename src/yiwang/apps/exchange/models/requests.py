# SPDX-License-Identifier: Apache-2.0
"""Tables of asking for data: requests, their history, the provider's consent to a third party."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly

from ..domain.asking import Move, State
from ..domain.consenting import Form


class DataRequest(models.Model):
    """What a department asks for. Its row is the lock for every move of it.

    `round` counts how often it was asked; each round has a clock of its own (`asked_at`, `due_on`).
    """

    public_id = models.CharField(max_length=40, unique=True)
    resource = models.CharField(max_length=80)
    provider = models.CharField(max_length=80)
    sharing = models.CharField(max_length=20)
    release = models.CharField(max_length=64)
    org = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    plain = models.JSONField(default=dict)
    purpose = models.CharField(max_length=500)
    basis = models.CharField(max_length=500)
    item = models.CharField(max_length=80, blank=True)
    per_minute = models.PositiveIntegerField()
    per_day = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    batch = models.BooleanField(default=False)
    cache_seconds = models.PositiveIntegerField(default=0)
    third_party = models.CharField(max_length=200, blank=True)
    third_party_why = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in State])
    round = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    askers = models.JSONField(default=list)
    due_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    words = models.CharField(max_length=500, blank=True)
    told_leader_at = models.DateTimeField(null=True)
    told_bureau_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["provider", "state", "due_on"]),
            models.Index(fields=["org", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "resource", "item"],
                condition=models.Q(state=State.ASKED.value),
                name="exchange_one_request_waits",
            )
        ]


class RequestMove(AppendOnly):
    """One move of a request, kept for good."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    move = models.CharField(max_length=12, choices=[(one.value, one.term) for one in Move])
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in State])
    round = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=80)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]


class Consent(AppendOnly):
    """The provider's written consent that what a request names goes to a third party (政务数据安全管理
    暂行办法第二十条). `digest` is over what was consented to."""

    public_id = models.CharField(max_length=40, unique=True)
    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="consents")
    third_party = models.CharField(max_length=200)
    form = models.CharField(max_length=12, choices=[(one.value, one.term) for one in Form])
    words = models.CharField(max_length=500)
    file = models.CharField(max_length=40, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    given_by_name = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
