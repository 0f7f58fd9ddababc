# SPDX-License-Identifier: Apache-2.0
"""Routes of load balancers and monitoring."""

from django.urls import path

from . import views

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]
