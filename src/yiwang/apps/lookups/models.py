# SPDX-License-Identifier: Apache-2.0
"""Tables of lookups: who agreed to what, what was asked, what came back."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField


class Consent(models.Model):
    """Somebody agreed that one department asks one resource about them, for one application."""

    public_id = models.CharField(max_length=40, unique=True)
    application = models.CharField(max_length=40, help_text="办件的公开编号")
    subject = models.CharField(max_length=40, help_text="查谁的数据：人或企业的公开编号")
    resource = models.CharField(max_length=80)
    grant = models.CharField(max_length=40)
    org = models.CharField(max_length=60, help_text="哪个部门查")
    item = models.CharField(max_length=80)
    keys = models.JSONField(default=list, help_text="依次按哪些信息项查")
    elements = models.JSONField(default=list, help_text="[数据元, 信息项]")
    materials = models.JSONField(default=list)
    checks = models.JSONField(default=list, help_text="说明是否有效的信息项")
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=500)
    shown = models.CharField(max_length=64, help_text="同意时看到的内容的摘要")
    given_by = models.CharField(max_length=40, help_text="谁同意的：自然人的公开编号")
    recorded_by = models.CharField(max_length=40, help_text="谁登记的：本人，或者窗口人员")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "shown"],
                condition=models.Q(withdrawn_at=None),
                name="lookups_agreed_once",
            )
        ]
        indexes = [models.Index(fields=["application"], name="lookups_application")]


class Lookup(models.Model):
    """One time that a resource was asked under a consent. Values are encrypted, and deleted when they
    expire, the consent is withdrawn, or the application ends; what was asked when stays."""

    public_id = models.CharField(max_length=40, unique=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="lookups")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=60, blank=True, help_text="没有答复的原因（错误种类），供核查")
    receipt = models.CharField(max_length=80, blank=True, help_text="网关的调用回执")
    answered = models.JSONField(default=list, help_text="答复了哪些：[element|material, 编号]；没有值")
    values = EncryptedJSONField(null=True, row="public_id", help_text="数据元 → 值")
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_at"], condition=models.Q(values__isnull=False), name="lookups_expiry"
            )
        ]
