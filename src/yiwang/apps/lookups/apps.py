# SPDX-License-Identifier: Apache-2.0
"""Lookups as a Django app."""

from django.apps import AppConfig


class LookupsConfig(AppConfig):
    """What shared data answers for one application, by its applicant's consent."""

    name = "yiwang.apps.lookups"
    label = "lookups"
    verbose_name = "共享数据查询"
