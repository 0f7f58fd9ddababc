# SPDX-License-Identifier: Apache-2.0
"""Routes of policies in the console."""

from django.urls import path

from . import policies, policy_moves, policy_trials

urlpatterns = [
    path("", policies.listed, name="console-policies"),
    path("begin", policies.begin, name="console-policy-begin"),
    path("<slug:policy_draft>", policies.one, name="console-policy"),
    path("<slug:policy_draft>/edit", policies.edit, name="console-policy-edit"),
    path("<slug:policy_draft>/file", policies.file, name="console-policy-file"),
    path("<slug:policy_draft>/hand-in", policy_moves.hand_in, name="console-policy-hand-in"),
    path("<slug:policy_draft>/withdraw", policy_moves.withdraw, name="console-policy-withdraw"),
    path("<slug:policy_draft>/review", policy_moves.review, name="console-policy-review"),
    path("<slug:policy_draft>/publish", policy_moves.publish, name="console-policy-publish"),
    path("<slug:policy_draft>/test", policy_trials.test, name="console-policy-test"),
    path("<slug:policy_draft>/test/<slug:policy_trial>", policy_trials.one, name="console-policy-trial"),
    path(
        "<slug:policy_draft>/test/<slug:policy_trial>/sample",
        policy_trials.sample,
        name="console-policy-sample",
    ),
]
