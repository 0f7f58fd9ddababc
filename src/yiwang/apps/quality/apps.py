# SPDX-License-Identifier: Apache-2.0
"""Quality as a Django app."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """How good shared data is, and what becomes of those who say that it is wrong."""

    name = "yiwang.apps.quality"
    label = "quality"
    verbose_name = "数据质量与异议"
