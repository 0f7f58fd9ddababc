# SPDX-License-Identifier: Apache-2.0
"""Where officers read how public credit is kept, check on public-resource matters,
correct a record, take somebody off a list."""

from __future__ import annotations

from django.urls import path

from . import credit_corrections, credit_dealings, credit_reporting, credit_standards, credit_training

urlpatterns = [
    path("reporting", credit_reporting.month, name="office-credit-reporting"),
    path("standards", credit_standards.listed, name="office-credit-standards"),
    path("standards/<slug:credit_standard>", credit_standards.one, name="office-credit-standard"),
    path("training", credit_training.training, name="office-credit-training"),
    path("dealings/", credit_dealings.listed, name="office-credit-dealings"),
    path("dealings/<slug:credit_dealing>", credit_dealings.one, name="office-credit-dealing"),
    path(
        "dealings/<slug:credit_dealing>/feedback",
        credit_dealings.feed_back,
        name="office-credit-dealing-feedback",
    ),
    path("records/<slug:credit_record>/correct", credit_corrections.correct, name="office-credit-correct"),
    path("removals/<slug:credit_removal>", credit_corrections.decide_removal, name="office-credit-removal"),
]
