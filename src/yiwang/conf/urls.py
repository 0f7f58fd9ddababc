# SPDX-License-Identifier: Apache-2.0
"""The root of all routes: each desk mounts its own."""

from __future__ import annotations

from django.urls import include, path

from yiwang.desks.api.routes import api

handler400 = "yiwang.desks.faults.bad_request"
handler403 = "yiwang.desks.faults.forbidden"
handler404 = "yiwang.desks.faults.not_found"
handler500 = "yiwang.desks.faults.fault"

urlpatterns = [
    path("", include("yiwang.desks.health.urls")),
    path("", include("yiwang.desks.account.urls")),
    path("counter/", include("yiwang.desks.counter.urls")),
    path("office/", include("yiwang.desks.office.urls")),
    path("console/", include("yiwang.desks.console.urls")),
    path("data/", include("yiwang.desks.data.urls")),
    path("api/", api.urls),
    path("", include("yiwang.desks.portal.urls")),  # last: it has most, and others would be looked for in all
]
