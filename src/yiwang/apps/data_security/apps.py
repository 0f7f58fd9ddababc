# SPDX-License-Identifier: Apache-2.0
"""Data security as a Django app."""

from django.apps import AppConfig


class DataSecurityConfig(AppConfig):
    """Administrators, registers, alerts, incidents, supervision; how shared data is used."""

    name = "yiwang.apps.data_security"
    label = "data_security"
    verbose_name = "政务数据安全"
