# SPDX-License-Identifier: Apache-2.0
"""Tables of materials: contents by digest, and the files that have them."""

from __future__ import annotations

from django.db import models


class Content(models.Model):
    """Bytes on disk, once. Its row is the lock under which they are written and removed."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8, help_text="按内容判定：pdf、jpg、png、ofd")
    size = models.PositiveBigIntegerField(help_text="字节")


class File(models.Model):
    """What somebody handed in. `kept`: submitted with something, so it can no longer be discarded."""

    public_id = models.CharField(max_length=40, unique=True)
    owner = models.CharField(max_length=40, db_index=True, help_text="个人或企业的公开编号")
    name = models.CharField(max_length=120)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="files")
    stored_by = models.CharField(max_length=80)
    stored_at = models.DateTimeField()
    kept = models.BooleanField(default=False)
