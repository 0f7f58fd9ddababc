# SPDX-License-Identifier: Apache-2.0
"""Public credit as a Django app."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """Public credit: collected, shown, objected to, repaired, used."""

    name = "yiwang.apps.credit"
    label = "credit"
    verbose_name = "公共信用"
