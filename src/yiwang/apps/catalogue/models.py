# SPDX-License-Identifier: Apache-2.0
"""Tables of the catalogue: releases, each immutable and named by the digest of its content."""

from __future__ import annotations

from django.db import models


class ReleaseState(models.TextChoices):
    """Where a release stands: draft → reviewed by a second officer → published."""

    DRAFT = "draft", "草稿"
    REVIEWED = "reviewed", "已复核"
    PUBLISHED = "published", "已发布"
    REJECTED = "rejected", "已退回"


class Release(models.Model):
    """A release (目录版本). `content` never changes; a case keeps the digest it began under."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.BinaryField(help_text="全部定义的规范 JSON（zlib 压缩）")
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.DRAFT)
    summary = models.CharField(max_length=300)
    drafted_by = models.CharField(max_length=80)
    drafted_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_words = models.CharField(max_length=300, blank=True)
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True, db_index=True)
