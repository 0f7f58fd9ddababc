# SPDX-License-Identifier: Apache-2.0
"""Sheets of existing licences taken over (存量转换), what is wrong in them, and what each list expects."""

from __future__ import annotations

from django.db import models

from ..domain.stock_states import Purpose, SheetState


class StockSheet(models.Model):
    """One sheet on its way into the store: `done_rows` tells where to go on after a stop."""

    public_id = models.CharField(max_length=40, unique=True)
    org = models.CharField(max_length=60, help_text="报送单位")
    purpose = models.CharField(max_length=10, choices=[(one.value, one.term) for one in Purpose])
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="文件的 SHA-256；文件按它存放")
    form = models.CharField(max_length=4, help_text="csv 或 xlsx")
    state = models.CharField(max_length=10, choices=[(one.value, one.term) for one in SheetState])
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0, help_text="新入库")
    known = models.PositiveIntegerField(default=0, help_text="原已在库")
    updated = models.PositiveIntegerField(default=0, help_text="状态有更新")
    wrong = models.PositiveIntegerField(default=0, help_text="有错的行")
    fault = models.CharField(max_length=500, blank=True, help_text="整个文件不能用的原因")
    given_by = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org", "purpose", "digest"], name="licences_sheet_once")
        ]
        indexes = [models.Index(fields=["state", "id"], name="licences_sheet_state")]


class StockProblem(models.Model):
    """One thing wrong in one row. What was typed is not kept here: it stands in the sheet."""

    sheet = models.ForeignKey(StockSheet, on_delete=models.PROTECT, related_name="problems")
    row = models.PositiveIntegerField(help_text="文件里的行号，表头是第一行")
    column = models.CharField(max_length=60, blank=True)
    what = models.CharField(max_length=300)
    mend = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["sheet", "row"], name="licences_problem_row")]


class StockTarget(models.Model):
    """A type that a published list (可用电子证照清单) names: its stock must be taken over in time."""

    list_name = models.CharField(max_length=120)
    material = models.CharField(max_length=80)
    published_on = models.DateField()
    due_on = models.DateField()
    finished_on = models.DateField(null=True, help_text="责任单位报告转换完成之日")
    finished_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_name", "material"], name="licences_target_once")]


class Responsibility(models.Model):
    """A line of the responsibility list (市级电子证照制作责任清单): who makes which licence, and how much
    stock of which years there is."""

    material = models.CharField(max_length=80)
    org = models.CharField(max_length=60)
    stock_count = models.PositiveIntegerField(help_text="存量数据量（件）")
    span_from = models.DateField(help_text="时间跨度：最早一件的颁发日期")
    span_to = models.DateField(help_text="时间跨度：最晚一件的颁发日期")
    reported_by = models.CharField(max_length=80)
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["material", "org"], name="licences_responsible_once")]
