# SPDX-License-Identifier: Apache-2.0
"""Routes of logging in and of elder mode."""

from django.urls import path

from . import views

urlpatterns = [
    path("login", views.sign_in, name="login"),
    path("logout", views.sign_out, name="logout"),
    path("elder", views.elder, name="elder"),
]
