# SPDX-License-Identifier: Apache-2.0
"""Routes of the office (审批)."""

from django.urls import include, path

from . import (
    benefit_sources,
    benefits,
    credit,
    credit_lists,
    firm_requests,
    licences,
    mending,
    views,
    waivers,
)

urlpatterns = [
    path("", views.worklist, name="office"),
    path("promises", views.promises, name="office-promises"),
    path("mending", mending.listed, name="office-mending"),
    path("mending/<int:order>", mending.mended, name="office-mended"),
    path("waivers/", waivers.listed, name="office-waivers"),
    path("waivers/<slug:kind>/<int:year>", waivers.report, name="office-waiver"),
    path("benefits/", benefits.listed, name="office-benefits"),
    path("settlements/", include("yiwang.desks.office.settlement_urls")),
    path("benefits/rosters/<slug:roster>/review", benefits.review, name="office-review-roster"),
    path("benefits/objections/<slug:benefit_objection>", benefits.answer, name="office-answer-objection"),
    path("benefits/sources/", benefit_sources.listed, name="office-benefit-sources"),
    path("benefits/sources/take", benefit_sources.take, name="office-take-extract"),
    path("credit/", credit.home, name="office-credit"),
    path("credit/look", credit.look, name="office-credit-look"),
    path("credit/template", credit.template, name="office-credit-template"),
    path("credit/listings", credit_lists.tell_listing, name="office-credit-tell"),
    path("credit/codes", credit_lists.codes, name="office-credit-codes"),
    path("credit/records/<slug:credit_record>", credit.record, name="office-credit-record"),
    path("credit/records/<slug:credit_record>/withdraw", credit.withdraw, name="office-credit-withdraw"),
    path("credit/evidence/<slug:credit_matter>", credit.evidence, name="office-credit-evidence"),
    path("credit/deliveries/<slug:credit_delivery>", credit.rejects, name="office-credit-rejects"),
    path("credit/objections/<slug:credit_objection>", credit.answer, name="office-credit-answer"),
    path("credit/repairs/<slug:credit_repair>", credit.decide_repair, name="office-credit-repair"),
    path("credit/listings/<slug:credit_listing>", credit.decide_listing, name="office-credit-listing"),
    path("firm-requests/", firm_requests.listed, name="office-firm-requests"),
    path("firm-requests/officers", firm_requests.assign, name="office-assign-officer"),
    path("firm-requests/<slug:firm_request>", firm_requests.one, name="office-firm-request"),
    path(
        "firm-requests/<slug:firm_request>/dispatch", firm_requests.dispatch, name="office-dispatch-request"
    ),
    path("firm-requests/<slug:firm_request>/back", firm_requests.send_back, name="office-return-request"),
    path("firm-requests/<slug:firm_request>/reply", firm_requests.reply, name="office-reply-request"),
    path(
        "firm-requests/<slug:firm_request>/<slug:attachment>",
        firm_requests.file,
        name="office-firm-request-file",
    ),
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
    path("cases/<str:case_id>/credit", credit.feed_back, name="office-case-credit"),
    path("cases/<str:case_id>/<str:action>", views.act, name="office-act"),
]
