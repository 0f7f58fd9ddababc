# SPDX-License-Identifier: Apache-2.0
"""Routes of the console (管理)."""

from django.urls import include, path

from . import (
    licence_sampling,
    licence_stock,
    licence_sync,
    licence_templates,
    licence_types,
    releases,
    waivers,
    watching,
)

urlpatterns = [
    path("", watching.home, name="console"),
    path("releases/", releases.listed, name="console-releases"),
    path("releases/draft", releases.draft, name="console-draft"),
    path("releases/<slug:digest>", releases.one, name="console-release"),
    path("releases/<slug:digest>/review", releases.review, name="console-review"),
    path("releases/<slug:digest>/publish", releases.publish, name="console-publish"),
    path("policies/", include("yiwang.desks.console.policy_urls")),
    path("waivers/", waivers.listed, name="console-waivers"),
    path("waivers/lists/<slug:kind>", waivers.batch, name="console-waiver-batch"),
    path("waivers/<slug:filing>", waivers.one, name="console-waiver"),
    path("waivers/<slug:filing>/review", waivers.review, name="console-waiver-review"),
    path("outbox/", watching.outbox, name="console-outbox"),
    path("outbox/<int:message>/retry", watching.retry, name="console-retry"),
    path("journal/", watching.journal, name="console-journal"),
    path("lights/", watching.lights, name="console-lights"),
    path("seals/", include("yiwang.desks.console.seal_urls")),
    path("licences/", licence_types.listed, name="console-types"),
    path("licences/duties.csv", licence_types.duties_file, name="console-duties"),
    path("licences/stock", licence_types.report, name="console-stock-report"),
    path("licences/lists", licence_types.expect, name="console-stock-expect"),
    path("licences/lists/<int:target>/finish", licence_types.finish, name="console-stock-finish"),
    path("templates/", licence_templates.listed, name="console-templates"),
    path("templates/<slug:version>", licence_templates.one, name="console-template"),
    path("templates/<slug:version>/file", licence_templates.download, name="console-template-file"),
    path("templates/<slug:version>/sample", licence_templates.sample, name="console-template-sample"),
    path("templates/<slug:version>/review", licence_templates.review, name="console-template-review"),
    path("templates/<slug:version>/publish", licence_templates.publish, name="console-template-publish"),
    path("stock/", licence_stock.listed, name="console-stock"),
    path("stock/blank/<slug:material>", licence_stock.blank, name="console-sheet-blank"),
    path("stock/<slug:sheet>", licence_stock.one, name="console-sheet"),
    path("stock/<slug:sheet>/report", licence_stock.report, name="console-sheet-report"),
    path("sync/", licence_sync.state, name="console-sync"),
    path("sync/packages", licence_sync.flow_back, name="console-flow-back"),
    path("sync/announce", licence_sync.announce, name="console-sync-announce"),
    path("samplings/", licence_sampling.listed, name="console-samplings"),
    path("samplings/complaints/new", licence_sampling.complaint, name="console-complaint"),
    path("samplings/<slug:sampling>", licence_sampling.one, name="console-sampling"),
    path("samplings/<slug:sampling>/redraw", licence_sampling.redraw, name="console-sampling-redraw"),
    path("samplings/<slug:sampling>/<int:finding>", licence_sampling.note, name="console-finding"),
    path(
        "samplings/<slug:sampling>/<int:finding>/close", licence_sampling.close, name="console-finding-close"
    ),
]
