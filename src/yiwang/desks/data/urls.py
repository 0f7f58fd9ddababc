# SPDX-License-Identifier: Apache-2.0
"""Routes of the data desk (数据共享)."""

from django.urls import path

from . import home

urlpatterns = [
    path("", home.home, name="data"),
]
