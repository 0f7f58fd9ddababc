# SPDX-License-Identifier: Apache-2.0
"""Seals, the papers of their application, the steps of their life, filed imprints."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly

from ..domain.kinds import PaperKind, SealKind
from ..domain.reasons import Purpose
from ..domain.states import State


class Imprint(AppendOnly):
    """An imprint filed with the public security organ (公安机关备案的印模): what a seal must look like."""

    number = models.CharField(max_length=60, unique=True, help_text="公安机关备案编号")
    unit_name = models.CharField(max_length=120)
    picture = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="图像的 SM3")
    width_mm = models.PositiveSmallIntegerField()
    height_mm = models.PositiveSmallIntegerField()
    recorded_by = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()


class Seal(models.Model):
    """A seal from its application to its end. It is locked for every change and every use."""

    public_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=[(k.value, k.term) for k in SealKind])
    org = models.CharField(max_length=60, blank=True, help_text="单位：机构定义的编号；个人签名为空")
    place = models.CharField(max_length=40, blank=True, help_text="地方；空为市本级")
    unit_name = models.CharField(max_length=120, help_text="单位法定名称")
    name = models.CharField(max_length=120, help_text="印章名称")
    holder = models.CharField(max_length=40, blank=True, help_text="个人签名的签名人")
    holder_name = models.CharField(max_length=60, blank=True)
    holder_post = models.CharField(max_length=20, blank=True)
    custodian = models.CharField(max_length=40)
    custodian_name = models.CharField(max_length=60)
    applicant = models.CharField(max_length=40)
    applicant_name = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=[(s.value, s.term) for s in State])
    purpose = models.CharField(max_length=10, choices=[(p.value, p.term) for p in Purpose])
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="successors", help_text="接替哪一枚"
    )
    reason = models.CharField(max_length=20, blank=True)
    reason_words = models.CharField(max_length=500, blank=True)
    imprint_number = models.CharField(max_length=60, blank=True)
    picture_kind = models.CharField(max_length=4, default="PNG")
    picture = models.BinaryField()
    picture_digest = models.CharField(max_length=64)
    width_mm = models.PositiveSmallIntegerField()
    height_mm = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60, blank=True)
    keeper = models.CharField(max_length=20, blank=True)
    public_key = models.BinaryField(default=b"")
    request = models.BinaryField(default=b"", help_text="证书申请（PKCS#10）")
    passphrase_at = models.DateTimeField(null=True, help_text="口令最近修改的时间")
    certificate = models.BinaryField(default=b"")
    serial = models.CharField(max_length=60, blank=True)
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True, help_text="与数字证书一致")
    der = models.BinaryField(default=b"", help_text="GB/T 38540 的 SES_Seal")
    filing_number = models.CharField(max_length=40, blank=True, help_text="电子印章备案编号")
    cancel_reason = models.CharField(max_length=20, blank=True)
    cancel_words = models.CharField(max_length=500, blank=True)
    warned_on = models.DateField(null=True, help_text="最近一次到期提醒")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["filing_number"],
                condition=~models.Q(filing_number=""),
                name="seals_filing_number_once",
            ),
            models.UniqueConstraint(
                fields=["keeper", "key"], condition=~models.Q(key=""), name="seals_key_once"
            ),
            models.UniqueConstraint(
                fields=["org", "place", "name"],
                condition=models.Q(state__in=["active", "suspended"]) & ~models.Q(org=""),
                name="seals_one_of_a_name",
            ),
            models.UniqueConstraint(
                fields=["holder"],
                condition=models.Q(state="active") & ~models.Q(holder=""),
                name="seals_one_signature",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "state"], name="seals_of_org"),
            models.Index(fields=["state", "not_after"], name="seals_expiring"),
            models.Index(fields=["holder", "state"], name="seals_of_holder"),
            models.Index(fields=["serial"], name="seals_serial"),
        ]


class Paper(AppendOnly):
    """A paper that came with an application. Its content lies with the files (`apps/materials`)."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=[(k.value, k.term) for k in PaperKind])
    file = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)


class Step(AppendOnly):
    """One move in a seal's life: who, when, in which words."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="steps")
    term = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    by = models.CharField(max_length=60)
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    words = models.CharField(max_length=600, blank=True)
