# SPDX-License-Identifier: Apache-2.0
"""Addresses of credit reports and evaluations in the office."""

from __future__ import annotations

from django.urls import path

from yiwang.desks.office import credit_evaluations, credit_reports

urlpatterns = [
    path("evaluations", credit_evaluations.graded, name="office-credit-graded"),
    path("evaluations/one", credit_evaluations.one, name="office-credit-evaluation"),
    path("reports", credit_reports.listed, name="office-credit-reports"),
    path("reports/<slug:credit_officer_report>", credit_reports.one, name="office-credit-report"),
    path(
        "reports/<slug:credit_officer_report>/<slug:form>",
        credit_reports.file,
        name="office-credit-report-file",
    ),
]
