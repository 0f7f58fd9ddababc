# SPDX-License-Identifier: Apache-2.0
"""Routes of the portal."""

from django.urls import path

from . import (
    corrections,
    documents,
    draft_answers,
    drafts,
    forms,
    home,
    items,
    life_events,
    mine,
    plans,
    present,
    present_authorise,
    present_looks,
    present_scan,
    progress,
    promised,
    review,
    starting,
)

app_name = "portal"

_ONE = "applications/<slug:application>"

urlpatterns = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("items/<slug:item>", items.item, name="item"),
    path("life-events/<slug:event>", life_events.life_event, name="life_event"),
    path("life-events/<slug:event>/answers", life_events.answers, name="answers"),
    path("life-events/<slug:event>/plan", plans.plan, name="plan"),
    path("life-events/<slug:event>/notice", plans.notice, name="notice"),
    path("applications/", mine.applications, name="applications"),
    path("applications/start", starting.start, name="start"),
    path(f"{_ONE}/", drafts.application, name="application"),
    path(f"{_ONE}/answers", draft_answers.draft_answers, name="draft_answers"),
    path(f"{_ONE}/form", forms.form, name="form"),
    path(f"{_ONE}/documents", documents.documents, name="documents"),
    path(f"{_ONE}/files/<slug:file>", documents.file, name="file"),
    path(f"{_ONE}/delivery", review.delivery, name="delivery"),
    path(f"{_ONE}/review", review.review, name="review"),
    path(f"{_ONE}/submit", review.hand_in, name="submit"),
    path(f"{_ONE}/receipt", review.receipt, name="receipt"),
    path(f"{_ONE}/drop", drafts.drop, name="drop"),
    path(f"{_ONE}/progress", progress.progress, name="progress"),
    path(f"{_ONE}/correct", corrections.correct, name="correct"),
    path(f"{_ONE}/later", promised.supply_later, name="supply_later"),
    path(f"{_ONE}/withdraw", progress.take_back, name="withdraw"),
    path("notices/", mine.notices, name="notices"),
    path("notices/<int:notice>/read", mine.read_notice, name="read_notice"),
    path("my/looks", mine.looks, name="looks"),
    path("my/looks/licences", present_looks.licence_looks, name="licence_looks"),
    path("my/presenting/", present.presenting, name="presenting"),
    path("my/presenting/<slug:licence>", present.called_up, name="called_up"),
    path("my/presenting/<slug:licence>/show", present.show, name="show"),
    path("my/showings/<slug:showing>", present.showing, name="showing"),
    path("my/showings/<slug:showing>/code", present.showing_code, name="showing_code"),
    path("my/showings/<slug:showing>/end", present.end_showing, name="end_showing"),
    path("my/authorisations/new", present_authorise.authorise, name="authorise"),
    path("my/authorisations/<slug:authorisation>", present_authorise.authorisation, name="authorisation"),
    path("my/authorisations/<slug:authorisation>/code", present_authorise.renew_code, name="renew_code"),
    path("my/authorisations/<slug:authorisation>/revoke", present_authorise.revoke, name="revoke"),
    path("scan", present_scan.scan_page, name="scan"),
    path("s/<slug:token>", present_scan.scanned, name="scanned"),
    path("uses/<slug:use>", present_scan.use, name="use"),
]
