# SPDX-License-Identifier: Apache-2.0
"""Routes of the office (审批)."""

from django.urls import include, path

from . import benefits, licences, mending, views, waivers

urlpatterns = [
    path("", views.worklist, name="office"),
    path("promises", views.promises, name="office-promises"),
    path("mending", mending.listed, name="office-mending"),
    path("mending/<int:order>", mending.mended, name="office-mended"),
    path("waivers/", waivers.listed, name="office-waivers"),
    path("waivers/<slug:kind>/<int:year>", waivers.report, name="office-waiver"),
    path("benefits/", benefits.listed, name="office-benefits"),
    path("benefits/rosters/<slug:roster>/review", benefits.review, name="office-review-roster"),
    path("benefits/objections/<slug:benefit_objection>", benefits.answer, name="office-answer-objection"),
    path("seals/", include("yiwang.desks.office.seal_urls")),
    path("licences/", licences.awaiting, name="office-awaiting"),
    path("licences/seal", licences.seal, name="office-seal-licences"),
    path("licences/find", licences.find, name="office-find-licence"),
    path("licences/<slug:record>", licences.one, name="office-licence"),
    path("licences/<slug:record>/change", licences.change, name="office-change-licence"),
    path("licences/<slug:record>/withdraw", licences.withdraw, name="office-withdraw-change"),
    path("licences/<slug:record>/correct", licences.correct, name="office-correct-licence"),
    path("licences/<slug:record>/files/<slug:form>", licences.file, name="office-licence-file"),
    path("cases/<str:case_id>", views.case, name="office-case"),
    path("cases/<str:case_id>/files/<str:file_id>", views.file, name="office-file"),
    path("cases/<str:case_id>/<str:action>", views.act, name="office-act"),
]
