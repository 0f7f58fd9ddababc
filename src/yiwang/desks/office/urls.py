# SPDX-License-Identifier: Apache-2.0
"""Routes of the office (审批)."""

from django.urls import path

from . import mending, views

urlpatterns = [
    path("", views.worklist, name="office"),
    path("promises", views.promises, name="office-promises"),
    path("mending", mending.listed, name="office-mending"),
    path("mending/<int:order>", mending.mended, name="office-mended"),
    path("cases/<str:case_id>", views.case, name="office-case"),
    path("cases/<str:case_id>/files/<str:file_id>", views.file, name="office-file"),
    path("cases/<str:case_id>/<str:action>", views.act, name="office-act"),
]
