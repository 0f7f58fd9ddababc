# SPDX-License-Identifier: Apache-2.0
"""Routes of the counter (窗口)."""

from django.urls import path

from . import results, views

urlpatterns = [
    path("", views.home, name="counter"),
    path("meet", views.meet, name="counter-meet"),
    path("done", views.done, name="counter-done"),
    path("begin", views.begin, name="counter-begin"),
    path("intake", views.intake, name="counter-intake"),
    path("results/<str:application>", results.hand_out, name="counter-results"),
    path("receipts/<str:application>", results.receipt, name="counter-receipt"),
]
