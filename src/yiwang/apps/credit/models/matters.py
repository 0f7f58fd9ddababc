# SPDX-License-Identifier: Apache-2.0
"""Matters about records: objection, repair, entering on a list; and the checks made for a matter."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField

from .records import Record


class Objection(models.Model):
    """Somebody says that a record of theirs is wrong (异议)."""

    public_id = models.CharField(max_length=40, unique=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="objections")
    version = models.PositiveIntegerField(help_text="of the record, when it was raised")
    by = models.CharField(max_length=80)
    words = EncryptedTextField()
    evidence = EncryptedJSONField(default=list, help_text="uploads and what they show")
    raised_at = models.DateTimeField()
    due_on = models.DateField()
    told_late_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=12, blank=True)
    answer = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(answered_at=None), name="credit_one_open_objection"
            ),
        ]
        indexes = [models.Index(fields=["answered_at", "due_on"])]


class Repair(models.Model):
    """Somebody mended what they did, and asks that a record end (信用修复)."""

    public_id = models.CharField(max_length=40, unique=True)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="repairs")
    by = models.CharField(max_length=80)
    way = models.CharField(max_length=20)
    words = EncryptedTextField()
    evidence = EncryptedJSONField(default=list, help_text="uploads and what they show")
    promise = EncryptedTextField(
        blank=True, help_text="the public commitment (信用承诺), shown with the result"
    )
    trained_on = models.DateField(null=True)
    trained_at = EncryptedTextField(blank=True, help_text="which training, certificate number")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    told_late_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    granted = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(decided_at=None), name="credit_one_open_repair"
            ),
        ]
        indexes = [models.Index(fields=["decided_at", "due_on"])]


class RepairOffer(models.Model):
    """On which day the subject of a record is told that it may be repaired now (信用修复主动告知)."""

    record = models.CharField(max_length=40, unique=True)
    on = models.DateField(help_text="first day on which a repair may be granted")
    told_at = models.DateTimeField(null=True, help_text="when that was done, or seen to be over")

    class Meta:
        indexes = [models.Index(fields=["told_at", "on"])]


class Hearing(models.Model):
    """Somebody is told what shall be done about a list, heard, then it is decided (告知、陈述申辩、决定)."""

    public_id = models.CharField(max_length=40, unique=True)
    told_at = models.DateTimeField()
    hear_until = models.DateField()
    defence = EncryptedTextField(blank=True)
    defended_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    carried_out = models.BooleanField(null=True)
    answer = EncryptedTextField(blank=True)

    what: ClassVar[str]
    does: ClassVar[str]
    subject: Any
    org: Any
    catalogue: Any

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """Where its journal is."""
        return f"credit-{self.what}:{self.public_id}"


class Listing(Hearing):
    """Somebody shall be entered on a list (列入名单)."""

    what, does = "listing", "列入"
    catalogue = models.CharField(max_length=80)
    org = models.CharField(max_length=60)
    subject = models.CharField(max_length=40, db_index=True)
    reference = models.CharField(max_length=120)
    happened_on = models.DateField()
    facts = EncryptedJSONField(default=dict, help_text="title, basis and fields of the record to be")
    told_by = models.CharField(max_length=80)
    record = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "org", "reference"], name="credit_listing_once"),
        ]


class Removal(Hearing):
    """Somebody on a list for the clean alone has come to have a record against them: taken off the list
    (移出名单), or left on it because that record is over."""

    what, does = "removal", "移出"
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="removals")
    because = models.CharField(max_length=40, help_text="the record that speaks against its subject")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(decided_at=None), name="credit_one_open_removal"
            ),
        ]

    @property
    def subject(self) -> str:
        """Who stands on the list."""
        return self.record.subject

    @property
    def org(self) -> str:
        """The unit that entered them."""
        return self.record.org

    @property
    def catalogue(self) -> str:
        """Which list."""
        return self.record.catalogue

    @property
    def stream(self) -> str:
        """The journal of the record on the list."""
        return f"credit:{self.record.public_id}"


class Check(models.Model):
    """A check for a matter (逢办必查): what was found, by which release; kept as it was answered."""

    public_id = models.CharField(max_length=40, unique=True)
    subject = models.CharField(max_length=40)
    scene = models.CharField(max_length=12)
    item = models.CharField(max_length=80)
    case = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    release = models.CharField(max_length=64)
    effects = models.JSONField(default=list, help_text="records, measures, periods: no words about people")
    hits = models.PositiveSmallIntegerField(default=0)
    dealing = models.CharField(max_length=12, blank=True, help_text="a public-resource matter: of which sort")
    org = models.CharField(max_length=60, blank=True, help_text="the unit that asked, and must feed back")
    code = models.CharField(max_length=18, blank=True, help_text="the firm's, as it was asked")
    asked_name = models.CharField(max_length=80, blank=True, help_text="the officer who must feed back")
    due_on = models.DateField(null=True, help_text="last day for saying what was done")
    closed_at = models.DateTimeField(null=True, help_text="when everything was fed back")
    told_late_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "item"]),
            models.Index(fields=["hits", "at"]),
            models.Index(fields=["org", "closed_at"]),
            models.Index(fields=["closed_at", "due_on"]),
        ]


class CheckFeedback(models.Model):
    """What was done about one hit of a check: the feedback that closes the loop (发起、响应、处置、反馈)."""

    of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="feedback")
    record = models.CharField(max_length=40)
    measure = models.CharField(max_length=120)
    applied = models.BooleanField()
    words = EncryptedTextField(blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "record", "measure"], name="credit_feedback_once"),
        ]
