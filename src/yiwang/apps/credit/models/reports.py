# SPDX-License-Identifier: Apache-2.0
"""Credit reports as they were drawn; who agreed to be scored, and each use of a score."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedJSONField, EncryptedTextField


class Report(AppendOnly):
    """A credit report, drawn and sealed: never changed. The files lie under their SHA-256, locked."""

    public_id = models.CharField(max_length=40, unique=True)
    check_code = models.CharField(max_length=16, unique=True)
    report = models.CharField(max_length=80, help_text="its version: a definition of a release")
    release = models.CharField(max_length=64)
    subject = models.CharField(max_length=40)
    by = models.CharField(max_length=80)
    org = models.CharField(max_length=60, blank=True, help_text="the unit that asked, where an officer did")
    use = EncryptedTextField(blank=True)
    case = EncryptedTextField(blank=True, help_text="the matter it was drawn for")
    on = models.DateField(help_text="the day whose records it holds")
    at = models.DateTimeField()
    valid_until = models.DateField()
    contents = EncryptedJSONField(help_text="what it says, part by part")
    digest = models.CharField(max_length=64, help_text="SM3 of what it says: the same thing asked twice")
    pdf = models.CharField(max_length=64)
    ofd = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "report", "on"]),
            models.Index(fields=["pdf"]),
            models.Index(fields=["ofd"]),
        ]


class ScoreConsent(models.Model):
    """A person agreed to be scored (同意个人信用分), until they withdraw it."""

    public_id = models.CharField(max_length=40, unique=True)
    subject = models.CharField(max_length=40)
    score = models.CharField(max_length=80)
    release = models.CharField(max_length=64, help_text="whose words of agreement were read")
    agreed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "score"],
                condition=models.Q(withdrawn_at=None),
                name="credit_one_score_consent",
            ),
        ]


class ScoreUse(AppendOnly):
    """A person used their score for a benefit: which scene, when. The points are not kept."""

    public_id = models.CharField(max_length=40, unique=True)
    check_code = models.CharField(max_length=16, unique=True)
    subject = models.CharField(max_length=40, db_index=True)
    score = models.CharField(max_length=80)
    scene = models.CharField(max_length=80)
    release = models.CharField(max_length=64)
    at = models.DateTimeField()
    valid_until = models.DateField()
