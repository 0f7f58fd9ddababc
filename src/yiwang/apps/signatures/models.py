# SPDX-License-Identifier: Apache-2.0
"""Tables of signatures: a person's signature, and every document signed with it."""

from __future__ import annotations

import datetime as dt

from django.db import models

from yiwang.apps.journal.public import AppendOnly
from yiwang.apps.vault.public import EncryptedBinaryField

from .domain.pictures import Way
from .domain.states import Reason, State, state_at


class Signature(models.Model):
    """A person's electronic signature from its application to its end. The handwriting lies in the
    name seal (`seal_der`); the key lies with the signing service."""

    public_id = models.CharField(max_length=40, unique=True)
    owner = models.CharField(max_length=40, help_text="签名人的公开编号")
    name = models.CharField(max_length=60)
    way = models.CharField(max_length=10, choices=[(w.value, w.term) for w in Way])
    service = models.CharField(max_length=20, help_text="由哪个签名服务保管密钥")
    seal = models.CharField(max_length=60, help_text="签名服务那里的编号")
    seal_der = EncryptedBinaryField(row="public_id", help_text="电子名章（GB/T 38540 的 SES_Seal）")
    serial = models.CharField(max_length=60, help_text="证书序列号")
    auth_method = models.CharField(max_length=30, help_text="申请时的登录方式")
    auth_level = models.PositiveSmallIntegerField()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True, choices=[(r.value, r.term) for r in Reason])

    class Meta:
        indexes = [models.Index(fields=["owner", "-id"], name="signatures_of_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(revoked_at__isnull=True),
                name="signatures_one_in_force",
            )
        ]

    def state(self, now: dt.datetime) -> State:
        """How it stands at a moment."""
        return state_at(now, not_after=self.not_after, revoked_at=self.revoked_at)


class Signing(AppendOnly):
    """One document signed: its exact bytes, when, how surely it was known who signs, the signature."""

    public_id = models.CharField(max_length=40, unique=True)
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="signings")
    about = models.CharField(max_length=60, db_index=True, help_text="为哪一件事签的（公开编号）")
    title = models.CharField(max_length=120)
    document_name = models.CharField(max_length=120)
    document = EncryptedBinaryField(row="public_id", help_text="所签原文，一个字节也不变")
    digest = models.CharField(max_length=64, help_text="原文的 SM3")
    key = models.CharField(max_length=80, unique=True, help_text="幂等键")
    auth_method = models.CharField(max_length=30, help_text="签名时的登录方式")
    auth_level = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    der = EncryptedBinaryField(row="public_id", help_text="SES_Signature")
