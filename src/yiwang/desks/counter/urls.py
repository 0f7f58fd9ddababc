# SPDX-License-Identifier: Apache-2.0
"""Routes of the counter (窗口)."""

from django.urls import path

from . import firm_requests, objections, present, results, views

urlpatterns = [
    path("", views.home, name="counter"),
    path("meet", views.meet, name="counter-meet"),
    path("done", views.done, name="counter-done"),
    path("begin", views.begin, name="counter-begin"),
    path("intake", views.intake, name="counter-intake"),
    path("results/<str:application>", results.hand_out, name="counter-results"),
    path("authorised", present.authorised, name="counter-authorised"),
    path("authorised/use", present.use_named, name="counter-authorised-use"),
    path("objections/new", objections.new, name="counter-object"),
    path("objections/<str:filed_objection>", objections.receipt, name="counter-objection"),
    path("objections/<str:met_objection>/answer", objections.answer, name="counter-objection-answer"),
    path("firm-requests", firm_requests.take_down, name="counter-firm-requests"),
    path("firm-requests/<slug:heard_request>", firm_requests.one, name="counter-firm-request"),
    path(
        "firm-requests/<slug:heard_request>/handed",
        firm_requests.hand_over,
        name="counter-firm-request-handed",
    ),
    path("firm-requests/<slug:heard_request>/rate", firm_requests.rate, name="counter-firm-request-rate"),
    path("receipts/<str:application>", results.receipt, name="counter-receipt"),
]
