# SPDX-License-Identifier: Apache-2.0
"""Addresses of credit reports, evaluations, the personal score and the integrity file on the portal."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.portal import credit_reports, credit_views

urlpatterns = [
    path("credit/rules/", credit_views.rules, name="credit_every_rule"),
    path("credit/rules/<slug:rules>", credit_views.one_rule, name="credit_rules"),
    path("my/credit/evaluation", credit_views.evaluation, name="my_evaluation"),
    path("my/credit/score", credit_views.score, name="my_score"),
    path("my/credit/file", credit_views.file, name="credit_file"),
    path("credit/reports", credit_reports.draw_public, name="credit_report_draw"),
    path("credit/reports/<slug:credit_public_report>", credit_reports.public, name="credit_report"),
    path(
        "credit/reports/<slug:credit_public_report>/<slug:form>",
        credit_reports.public_file,
        name="credit_report_file",
    ),
    path("my/credit/reports", credit_reports.mine, name="my_credit_reports"),
    path("my/credit/reports/<slug:credit_report>", credit_reports.one, name="my_credit_report"),
    path(
        "my/credit/reports/<slug:credit_report>/<slug:form>",
        credit_reports.file,
        name="my_credit_report_file",
    ),
]
