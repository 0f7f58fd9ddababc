# SPDX-License-Identifier: Apache-2.0
"""Routes of the office that are about seals."""

from django.urls import path

from . import seal_applying, seal_uses, seals

urlpatterns = [
    path("", seals.listed, name="office-seals"),
    path("apply", seal_applying.apply, name="office-seal-apply"),
    path("uses/", seal_uses.listed, name="office-seal-uses"),
    path("uses/<slug:seal_use>", seal_uses.one, name="office-seal-use"),
    path("uses/<slug:seal_use>/<slug:action>", seal_uses.act, name="office-seal-use-act"),
    path("<slug:seal>", seals.one, name="office-seal"),
    path("<slug:seal>/picture", seals.picture, name="office-seal-picture"),
    path("<slug:seal>/papers/<slug:paper>", seals.paper, name="office-seal-paper"),
    path("<slug:seal>/change", seal_applying.change, name="office-seal-change"),
    path("<slug:seal>/ask", seal_uses.ask, name="office-seal-ask"),
    path("<slug:seal>/do/<slug:action>", seals.act, name="office-seal-act"),
]
