# SPDX-License-Identifier: Apache-2.0
"""Tables of materials: contents by digest, and the files that have them."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedTextField


class Content(models.Model):
    """Bytes on disk, once. Its row is the lock under which they are written and removed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8, help_text="按内容判定：pdf、jpg、png、ofd")
    size = models.PositiveBigIntegerField(help_text="字节")


class File(models.Model):
    """What somebody handed in. `kept`: submitted with something, so it can no longer be discarded."""

    public_id = models.CharField(max_length=40, unique=True)
    owner = models.CharField(max_length=40, db_index=True, help_text="个人或企业的公开编号")
    name = EncryptedTextField(max_length=120, row="public_id")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="files")
    stored_by = models.CharField(max_length=80)
    stored_at = models.DateTimeField()
    kept = models.BooleanField(default=False)


class Withdrawal(models.TextChoices):
    """Why a holder does not let an e-material be used any more."""

    PERMISSION = "permission", "不再同意复用"
    OUTDATED = "outdated", "内容已经过时"


class EMaterial(models.Model):
    """A non-licence document that a decided case accepted, or that it issued (电子材料).

    Its content never changes. `result` is the public id of an issued result; such a row holds no
    files, because the result on record answers for itself.
    """

    public_id = models.CharField(max_length=40, unique=True)
    material = models.CharField(max_length=80, help_text="材料定义的编号")
    name = models.CharField(max_length=200)
    about = models.CharField(max_length=40, help_text="材料讲的是谁：个人或企业的公开编号")
    origin = models.CharField(max_length=12, help_text="申请材料、办理结果、监管结果")
    files = models.JSONField(default=list, help_text="[{file, sha256}]：采用时的文件和摘要")
    result = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, help_text="全部文件（或结果编号）的摘要：同一份只留一次")
    application = models.CharField(max_length=40)
    item = models.CharField(max_length=80)
    org = models.CharField(max_length=60, help_text="采用或核发的部门")
    accepted_at = models.DateTimeField()
    valid_until = models.DateField(null=True, help_text="采用时的规则允许复用到何日；空为不复用")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_why = models.CharField(max_length=12, choices=Withdrawal, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "material", "digest"], name="materials_accepted_once"
            )
        ]
        indexes = [models.Index(fields=["about", "material"], name="materials_e_about")]


class EMaterialUse(models.Model):
    """One application in which an e-material stood in place of a document."""

    e_material = models.ForeignKey(EMaterial, on_delete=models.PROTECT, related_name="uses")
    application = models.CharField(max_length=40)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["e_material", "application"], name="materials_used_once")
        ]
