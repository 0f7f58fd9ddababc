# SPDX-License-Identifier: Apache-2.0
"""What certificates stand on: trusted authorities, revocation lists, and who makes seals."""

from __future__ import annotations

from django.db import models

from yiwang.apps.journal.public import AppendOnly


class Authority(models.Model):
    """A trusted certificate of a certificate authority: a root, or one below it."""

    digest = models.CharField(max_length=64, unique=True, help_text="证书的 SM3")
    subject = models.CharField(max_length=300)
    issuer = models.CharField(max_length=300)
    serial = models.CharField(max_length=60)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    der = models.BinaryField()
    key = models.CharField(max_length=60, blank=True, help_text="示例机构的密钥名；真实机构为空")
    imported_by = models.CharField(max_length=60)
    imported_at = models.DateTimeField()
    distrusted_at = models.DateTimeField(null=True)
    distrusted_why = models.CharField(max_length=300, blank=True)


class RevocationList(AppendOnly):
    """A revocation list (CRL) as it arrived. The newest of each issuer counts, and beside it those that
    ever named a certificate of ours: an authority leaves a certificate off its list once it has run out."""

    digest = models.CharField(max_length=64, unique=True)
    issuer = models.CharField(max_length=300)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField(null=True)
    der = models.BinaryField()
    names_ours = models.BooleanField(default=False)
    imported_by = models.CharField(max_length=60)
    imported_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["issuer", "this_update"], name="seals_crl_newest")]


class Maker(models.Model):
    """Who makes seals (制章人): the key and certificate that every seal is signed with."""

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=60, unique=True)
    keeper = models.CharField(max_length=20)
    certificate = models.BinaryField()
    not_after = models.DateTimeField()
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
