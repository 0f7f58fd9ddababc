# SPDX-License-Identifier: Apache-2.0
"""Tables of the vault: which exports were marked; how far columns moved to a new index key."""

from __future__ import annotations

from django.db import models


class ExportMark(models.Model):
    """A marked export: the code in its marks, and what it stands for. Never changed, never removed."""

    code = models.BigIntegerField(unique=True)
    receipt = models.CharField(max_length=80, db_index=True, help_text="导出的回执：公开编号")
    receiver = models.CharField(max_length=80, help_text="交给谁：机构或人员的编号")
    line = models.CharField(max_length=400, help_text="可见的水印")
    at = models.DateTimeField()


class Reindexed(models.Model):
    """How far a column of blind indexes moved to the index key with this check code: rows up to `after`."""

    place = models.CharField(max_length=120, unique=True)
    check_code = models.CharField(max_length=16)
    after = models.BigIntegerField(default=0)
