# SPDX-License-Identifier: Apache-2.0
"""Routes of the data desk (数据共享)."""

from django.urls import path

from . import catalogue, catalogue_export, census, home, needs, objections, quality

urlpatterns = [
    path("", home.home, name="data"),
    path("catalogue/", catalogue.listed, name="data-catalogue"),
    path("catalogue.jsonld", catalogue_export.opened, name="data-catalogue-open"),
    path("catalogue.<str:table>", catalogue_export.sheet, name="data-catalogue-sheet"),
    path("catalogue/<slug:resource>", catalogue.one, name="data-resource"),
    path("census/", census.listed, name="data-census"),
    path("census/new", census.new, name="data-census-new"),
    path("census/<slug:entry>", census.one, name="data-census-entry"),
    path("census/<slug:entry>/answer", census.answer, name="data-census-answer"),
    path("census/<slug:entry>.yaml", census.as_file, name="data-census-file"),
    path("needs/", needs.listed, name="data-needs"),
    path("needs/new", needs.new, name="data-need-new"),
    path("needs/publish", needs.publish, name="data-needs-publish"),
    path("needs/editions/<int:edition>", needs.edition, name="data-need-edition"),
    path("needs/<slug:need>", needs.one, name="data-need"),
    path("needs/<slug:need>/step", needs.step, name="data-need-step"),
    path("quality/", quality.listed, name="data-quality"),
    path("quality/<slug:resource>", quality.one, name="data-quality-one"),
    path("quality/<slug:resource>/run", quality.run, name="data-quality-run"),
    path("quality/<slug:resource>/mended/<slug:task>", quality.mended, name="data-quality-mended"),
    path("objections/", objections.listed, name="data-objections"),
    path("objections/new", objections.new, name="data-objection-new"),
    path("objections/<slug:objection>", objections.one, name="data-objection"),
    path("objections/<slug:objection>/answer", objections.answer, name="data-objection-answer"),
    path("objections/<slug:objection>/extend", objections.extend, name="data-objection-extend"),
    path("objections/<slug:objection>/feedback", objections.feedback, name="data-objection-feedback"),
    path("objections/<slug:objection>/<slug:file>", objections.file, name="data-objection-file"),
]
