# SPDX-License-Identifier: Apache-2.0
"""Tables of client systems: departments' programs, and what each proves itself by."""

from __future__ import annotations

from django.db import models


class Client(models.Model):
    """A department's system that calls the gateway (接入系统)."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=80)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=80)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=200, blank=True)


class CredentialKind(models.TextChoices):
    """How a client proves itself."""

    SM2 = "sm2", "SM2 公钥（签名）"
    TOKEN = "token", "令牌"


class Credential(models.Model):
    """A public key or the digest of a token. A change overlaps: the old one ends a while later."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(max_length=10, choices=CredentialKind)
    key_id = models.CharField(max_length=64, unique=True, help_text="公钥指纹，或令牌的摘要")
    point = models.CharField(max_length=130, blank=True, help_text="SM2 公钥，十六进制")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
