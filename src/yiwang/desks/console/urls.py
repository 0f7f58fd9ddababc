# SPDX-License-Identifier: Apache-2.0
"""Routes of the console (管理)."""

from django.urls import path

from . import releases, watching

urlpatterns = [
    path("", watching.home, name="console"),
    path("releases/", releases.listed, name="console-releases"),
    path("releases/draft", releases.draft, name="console-draft"),
    path("releases/<slug:digest>", releases.one, name="console-release"),
    path("releases/<slug:digest>/review", releases.review, name="console-review"),
    path("releases/<slug:digest>/publish", releases.publish, name="console-publish"),
    path("outbox/", watching.outbox, name="console-outbox"),
    path("outbox/<int:message>/retry", watching.retry, name="console-retry"),
    path("journal/", watching.journal, name="console-journal"),
    path("lights/", watching.lights, name="console-lights"),
]
