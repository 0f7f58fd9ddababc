# SPDX-License-Identifier: Apache-2.0
"""Routes of the console that are about seals."""

from django.urls import path

from . import seal_trust, seals

urlpatterns = [
    path("", seals.listed, name="console-seals"),
    path("imprints/", seals.imprints, name="console-imprints"),
    path("trust/", seal_trust.listed, name="console-trust"),
    path("trust/authorities", seal_trust.import_authority, name="console-trust-authority"),
    path("trust/lists", seal_trust.import_list, name="console-trust-list"),
    path("trust/<slug:fingerprint>/distrust", seal_trust.distrust, name="console-distrust"),
    path("<slug:seal>", seals.one, name="console-seal"),
    path("<slug:seal>/picture", seals.picture, name="console-seal-picture"),
    path("<slug:seal>/papers/<slug:paper>", seals.paper, name="console-seal-paper"),
    path("<slug:seal>/request", seals.certificate_request, name="console-seal-request"),
    path("<slug:seal>/do/<slug:action>", seals.act, name="console-seal-act"),
]
