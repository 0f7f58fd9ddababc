# SPDX-License-Identifier: Apache-2.0
"""Where officers correct a record and take somebody off a list."""

from __future__ import annotations

from django.urls import path

from . import credit_corrections

urlpatterns = [
    path("records/<slug:credit_record>/correct", credit_corrections.correct, name="office-credit-correct"),
    path("removals/<slug:credit_removal>", credit_corrections.decide_removal, name="office-credit-removal"),
]
