# SPDX-License-Identifier: Apache-2.0
"""Tables of the catalogue: releases, each immutable and named by the digest of its content; policies that
are drafted in the console, and their tests on a population."""

from __future__ import annotations

from django.db import models

from yiwang.apps.vault.public import EncryptedJSONField


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
    files_win = models.JSONField(default=list, help_text="起草时以文件为准的政策：控制台发布的修改不带上")


class DraftState(models.TextChoices):
    """Where a policy's draft stands: written → tested and handed in → agreed to by a second officer →
    published, at once or on a day; sent back, it is written again."""

    WRITING = "writing", "编写中"
    HANDED_IN = "handed_in", "待复核"
    AGREED = "agreed", "复核通过"
    SCHEDULED = "scheduled", "定期发布"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已作废"


OPEN = (DraftState.WRITING, DraftState.HANDED_IN, DraftState.AGREED, DraftState.SCHEDULED)


class PolicyDraft(models.Model):
    """A policy as its owner writes it. Its row is the lock of every change; `version` counts them, so that
    of two authors the second one is told. A published one never changes."""

    public_id = models.CharField(max_length=40, unique=True)
    policy = models.CharField(max_length=80, help_text="政策的编号")
    name = models.CharField(max_length=200)
    departments = models.JSONField(default=list, help_text="谁可以改：责任部门")
    base = models.CharField(max_length=64, blank=True, help_text="起草时现行定义的摘要；空为新政策")
    typed = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, help_text="草稿内容的摘要：测试只对它有效")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WRITING)
    summary = models.CharField(max_length=300, blank=True)
    begun_by = models.CharField(max_length=80)
    begun_at = models.DateTimeField()
    writers = models.JSONField(default=list, help_text="改过的人：都不能复核")
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_words = models.CharField(max_length=300, blank=True)
    publish_on = models.DateField(null=True)
    held = models.CharField(max_length=300, blank=True, help_text="定期发布没有成，为什么")
    published_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    release = models.CharField(max_length=64, blank=True, help_text="发布成了哪个目录版本")
    definition = models.CharField(max_length=64, blank=True, help_text="发布的定义的摘要")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(state__in=[one.value for one in OPEN]),
                name="catalogue_one_open_draft",
            ),
        ]


class PolicyTrial(models.Model):
    """A test of a draft on a population, as it came out."""

    public_id = models.CharField(max_length=40, unique=True)
    draft = models.ForeignKey(PolicyDraft, on_delete=models.PROTECT, related_name="trials")
    digest = models.CharField(max_length=64, help_text="测的是哪个草稿")
    base = models.CharField(max_length=64, blank=True, help_text="和哪个现行定义比")
    release = models.CharField(max_length=64)
    day = models.DateField(help_text="按哪一天算")
    population = models.CharField(max_length=200)
    population_digest = models.CharField(max_length=64)
    found = models.JSONField(default=dict)
    samples = EncryptedJSONField(default=list)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
