# SPDX-License-Identifier: Apache-2.0
"""Benefits as a Django app."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Benefits without application: found, confirmed, shown, paid."""

    name = "yiwang.apps.benefits"
    label = "benefits"
    verbose_name = "免申即享"
