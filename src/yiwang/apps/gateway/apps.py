# SPDX-License-Identifier: Apache-2.0
"""The gateway as a Django app."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """Sources of shared data, calls within grants, deliveries in batches."""

    name = "yiwang.apps.gateway"
    label = "gateway"
    verbose_name = "共享数据网关"
