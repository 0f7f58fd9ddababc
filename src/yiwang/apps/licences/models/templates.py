# SPDX-License-Identifier: Apache-2.0
"""Templates handed in by departments (证照模板): text, who handed it in, who approved it, since when."""

from __future__ import annotations

from django.db import models

from ..domain.template_states import TemplateLevel, TemplateState


class TemplateVersion(models.Model):
    """One version of one licence type's template, on its way from the department to the download area."""

    public_id = models.CharField(max_length=40, unique=True)
    material = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    org = models.CharField(max_length=60, help_text="报送单位")
    level = models.CharField(max_length=8, choices=[(one.value, one.term) for one in TemplateLevel])
    text = models.TextField(help_text="模板文件原文（YAML）")
    digest = models.CharField(max_length=64, help_text="原文的 SHA-256")
    content = models.JSONField(help_text="检查过的模板")
    state = models.CharField(max_length=12, choices=[(one.value, one.term) for one in TemplateState])
    handed_in_by = models.CharField(max_length=40)
    handed_in_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=40, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, help_text="审核意见")
    published_on = models.DateField(null=True, help_text="挂载下载专区、启用之日")
    superseded_on = models.DateField(null=True, help_text="被新版代替之日")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["material", "version"],
                condition=~models.Q(state="returned"),
                name="licences_template_once",
            ),
            models.UniqueConstraint(
                fields=["material"],
                condition=models.Q(state="published"),
                name="licences_one_template_in_use",
            ),
        ]
        indexes = [models.Index(fields=["state", "material"], name="licences_template_state")]
