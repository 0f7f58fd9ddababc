# SPDX-License-Identifier: Apache-2.0
"""A record, its versions, its endings. What a record says stands in its versions alone; the row of the
record carries what is searched by, copied from the newest version in the same transaction."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField
from yiwang.engines.credit import EndKind


class Record(models.Model):
    """One fact of public credit, told once by the unit that decided it. Its row is the lock for every
    change; it is never deleted."""

    public_id = models.CharField(max_length=40, unique=True)
    catalogue = models.CharField(max_length=80, help_text="entry of the credit catalogue")
    org = models.CharField(max_length=60, help_text="the unit that decided, and alone corrects")
    reference = models.CharField(max_length=120, help_text="决定文书号")
    subject = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=1, help_text="of the newest version")
    decided_on = models.DateField()
    collected_at = models.DateTimeField(help_text="when the first version came")
    arrived_on = models.DateField(help_text="the day it came; late is what came after its last day")
    due_on = models.DateField(null=True, help_text="last day for publishing; none: not published")
    published_on = models.DateField(null=True)
    shown_until = models.DateField(null=True, help_text="last day it is shown; none: always")
    taken_down_on = models.DateField(null=True)
    ended = models.CharField(max_length=12, blank=True, choices=[(kind.value, kind.term) for kind in EndKind])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "org", "reference"], name="credit_record_once"),
        ]
        indexes = [
            models.Index(fields=["subject", "catalogue", "decided_on"]),
            models.Index(fields=["org", "due_on"]),
            models.Index(fields=["taken_down_on", "shown_until"]),
        ]


class Version(AppendOnly):
    """What a record says from `known_since` on. Dates, codes of definitions and public ids only are open,
    so that the table can be exported in columns by year of decision; words and fields are locked."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=40)
    title = EncryptedTextField()
    basis = EncryptedTextField()
    fields = EncryptedJSONField(default=dict)
    severity = models.CharField(max_length=4, blank=True)
    item = models.CharField(max_length=80, blank=True)
    happened_on = models.DateField()
    decided_on = models.DateField()
    until = models.DateField(null=True)
    known_since = models.DateTimeField()
    reason = EncryptedTextField(blank=True, help_text="why it was corrected")
    by = models.CharField(max_length=80)
    case = models.CharField(max_length=40, blank=True)
    delivery = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, help_text="SM3 of what is said: the same thing said twice")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="credit_version_once")]


class Ending(AppendOnly):
    """A record ended before its time: repaired, objected to and upheld, or withdrawn by its unit."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.term) for kind in EndKind])
    on = models.DateField()
    known_since = models.DateTimeField()
    by = models.CharField(max_length=80)
    reason = EncryptedTextField()
    about = models.CharField(max_length=40, blank=True, help_text="the repair or objection that ended it")
