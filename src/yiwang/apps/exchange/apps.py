# SPDX-License-Identifier: Apache-2.0
"""The exchange of data as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The data catalogue, needs, requests and grants."""

    name = "yiwang.apps.exchange"
    label = "exchange"
    verbose_name = "数据共享"
