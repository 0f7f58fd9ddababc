# SPDX-License-Identifier: Apache-2.0
"""Casework as a Django app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases: from a draft to results in the applicant's hands."""

    name = "yiwang.apps.casework"
    label = "casework"
    verbose_name = "办件"
