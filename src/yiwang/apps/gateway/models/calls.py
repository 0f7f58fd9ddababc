# SPDX-License-Identifier: Apache-2.0
"""Tables of calls: what was asked and answered, what is used of a grant, what is kept for a while."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedBinaryField


class Outcome(models.TextChoices):
    """How a call ended."""

    ANSWERED = "answered", "已答复"
    FAILED = "failed", "来源故障"
    REFUSED = "refused", "已拒绝"


class Call(AppendOnly):
    """One call, as it ended. Written once, with its journal entry, before the answer leaves.

    `subject` is a public id where the caller gave one, else the blind index of the number searched by;
    whom else the answer was about stands in `CallSubject`.
    """

    receipt = models.CharField(max_length=40)
    at = models.DateTimeField()
    grant = models.CharField(max_length=40)
    resource = models.CharField(max_length=100)
    provider = models.CharField(max_length=80, blank=True)
    org = models.CharField(max_length=80)
    caller_kind = models.CharField(max_length=10)
    caller = models.CharField(max_length=80)
    caller_name = models.CharField(max_length=80)
    purpose = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    item = models.CharField(max_length=100, blank=True)
    case = models.CharField(max_length=80, blank=True)
    consent = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    fields = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome)
    why = models.CharField(max_length=200, blank=True)
    cached = models.BooleanField(default=False)
    ms = models.PositiveIntegerField(default=0)
    request_digest = models.CharField(max_length=64, blank=True)
    response_digest = models.CharField(max_length=64, blank=True)
    stream = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["receipt"], name="gateway_call_once")]
        indexes = [
            models.Index(fields=["subject", "at"], name="gateway_call_subject"),
            models.Index(fields=["org", "at"], name="gateway_call_org"),
            models.Index(fields=["at"], name="gateway_call_at"),
        ]


class CallSubject(AppendOnly):
    """Whom the answer of a call was about, besides its `subject`: a blind index."""

    receipt = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="gateway_also_about")]


class QuotaUse(models.Model):
    """How many calls of a grant a minute or a day has seen. `window`: `m:` or `d:` and its beginning."""

    grant = models.CharField(max_length=40)
    window = models.CharField(max_length=20)
    used = models.IntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "window"], name="gateway_quota_once")]


class SeenNonce(models.Model):
    """A signature that was used: a second request with it is refused while it could still pass."""

    client = models.CharField(max_length=80)
    nonce = models.CharField(max_length=80)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "nonce"], name="gateway_nonce_once")]


class KeptAnswer(models.Model):
    """An answer kept for a grant that allows it, locked. `key`: blind index of grant and question."""

    key = models.CharField(max_length=64, unique=True)
    grant = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    rows = EncryptedBinaryField(row="key")


class RefusedAttempt(AppendOnly):
    """A request turned away before anybody was believed: who it claimed to be, and why."""

    at = models.DateTimeField(db_index=True)
    client = models.CharField(max_length=80, blank=True)
    org = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=40)
    address = models.CharField(max_length=45, blank=True)
