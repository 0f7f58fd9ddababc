# SPDX-License-Identifier: Apache-2.0
"""Quality sampling (质量抽查): complaints about licences, samples drawn, findings, orders to mend."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedTextField

from ..domain.sampling_states import FindingState
from .licence import Licence


class LicenceComplaint(models.Model):
    """Somebody says that a licence is wrong (企业及群众反映的问题)."""

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="complaints")
    words = EncryptedTextField(max_length=300, row="licence_id")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class Sampling(models.Model):
    """One drawing: with its seed, weights and day anybody can draw it again."""

    public_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    org = models.CharField(max_length=60, blank=True, help_text="只抽这个单位的；空为全市")
    material = models.CharField(max_length=80, blank=True, help_text="只抽这种证照；空为全部")
    seed = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    population = models.PositiveIntegerField(help_text="抽查时符合条件的证照件数")
    candidates = models.CharField(max_length=64, help_text="候选名单及权重的 SHA-256；名单按它存放")
    use_weight = models.PositiveIntegerField()
    complaint_weight = models.PositiveIntegerField()
    drawn_by = models.CharField(max_length=80)
    drawn_name = models.CharField(max_length=80)
    drawn_at = models.DateTimeField()


class SampledLicence(models.Model):
    """One licence of a sample, what was found, and whether it is mended."""

    sampling = models.ForeignKey(Sampling, on_delete=models.PROTECT, related_name="sampled")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="sampled")
    position = models.PositiveIntegerField()
    weight = models.PositiveIntegerField()
    uses = models.PositiveIntegerField()
    complaints = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in FindingState])
    finding = models.CharField(max_length=500, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True, help_text="整改期限")
    mended_words = models.CharField(max_length=500, blank=True)
    mended_by = models.CharField(max_length=80, blank=True)
    mended_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sampling", "licence"], name="licences_sampled_once")]
        indexes = [models.Index(fields=["state", "due_on"], name="licences_finding_due")]
