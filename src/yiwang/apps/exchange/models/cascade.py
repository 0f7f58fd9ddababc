# SPDX-License-Identifier: Apache-2.0
"""Tables of the link with the province: its resources, our requests to it, data that flowed back,
every message that came down, and how the link is."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedBinaryField

from ..domain.cascading import Feed, State
from ..domain.cascading_users import UserState


class ProvincialResource(models.Model):
    """A resource of the province, as its catalogue told last."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    provider = models.CharField(max_length=200)
    sharing = models.CharField(max_length=20)
    fields = models.JSONField(default=dict)
    gone = models.BooleanField(default=False)
    told_at = models.DateTimeField()


class ProvincialRequest(models.Model):
    """A request that goes up. Its row is the lock for every change of it."""

    public_id = models.CharField(max_length=40, unique=True)
    resource = models.ForeignKey(ProvincialResource, on_delete=models.PROTECT, related_name="requests")
    org = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    purpose = models.CharField(max_length=500)
    basis = models.CharField(max_length=500)
    item = models.CharField(max_length=80, blank=True)
    valid_until = models.DateField()
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in State])
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    receipt = models.CharField(max_length=120, blank=True)
    lodged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=500, blank=True)
    granted_fields = models.JSONField(default=list)
    granted_until = models.DateField(null=True)


class ReturnedBatch(models.Model):
    """Data that flowed back: announced by the province, then fetched, checked and kept encrypted."""

    public_id = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    landed_at = models.DateTimeField(null=True)
    bytes = models.PositiveBigIntegerField(default=0)
    forgotten_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    request = models.ForeignKey(ProvincialRequest, on_delete=models.PROTECT, related_name="batches")


class ReturnedContent(models.Model):
    """The rows of a batch as they came, locked at rest."""

    public_id = models.CharField(max_length=40, unique=True)
    batch = models.OneToOneField(ReturnedBatch, on_delete=models.PROTECT, related_name="content")
    lines = EncryptedBinaryField(row="public_id")


class ProvinceMessage(AppendOnly):
    """A message that came down, and what came of it. `problem` empty: taken. `turn`: which message of this
    number it is, so that what changes and changes back is told of each time."""

    feed = models.CharField(max_length=12, choices=[(one.value, one.term) for one in Feed])
    number = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    turn = models.PositiveIntegerField()
    at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "number", "turn"], name="exchange_province_told_once")
        ]


class ProvinceLink(models.Model):
    """One feed of the link: how far it was read, when last, what went wrong since."""

    feed = models.CharField(max_length=12, primary_key=True, choices=[(one.value, one.term) for one in Feed])
    cursor = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    next_at = models.DateTimeField(null=True)


class ProvincialUser(models.Model):
    """A user that the province lists for a department of ours, and which officer that is here. Its row is
    the lock for every change of it. `given`: whether the officer has the post here because of it."""

    user = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    org_name = models.CharField(max_length=200)
    org = models.CharField(max_length=80, blank=True)
    officer = models.CharField(max_length=80, blank=True)
    given = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in UserState])
    why = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["officer", "state"], name="exchange_provincial_officer")]
