# SPDX-License-Identifier: Apache-2.0
"""The tables as Django knows them: relations point down, nothing vanishes with something else, and
the migrations make these tables and no others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from support.sources import ROOT

OWN = "yiwang.apps."
# "app.Model.field": why its rows go when the other row goes
GO_TOGETHER = {
    "identity.OfficerPost.officer": "a post is part of its officer",
    "identity.ApiToken.account": "a token is nothing without its account",
}


def heights() -> dict[str, int]:
    """Each app's height by the import contract: a lower app has a lower number."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    order = next(c["layers"] for c in contracts if c.get("containers") == ["yiwang.apps"])
    return {
        name.strip("() "): height for height, layer in enumerate(reversed(order)) for name in layer.split("|")
    }


def relations() -> Iterator[tuple[str, str, str, models.ForeignKey[Any, Any]]]:
    """Every relation of our tables: name, app it is in, app it points at, field."""
    for model in apps.get_models():
        if not model.__module__.startswith(OWN):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.model is model:
                target = field.related_model._meta.app_label
                yield f"{model._meta.label}.{field.name}", model._meta.app_label, target, field


def test_there_are_relations_to_look_at() -> None:
    assert len(list(relations())) > 10


def test_relations_point_down_or_stay_inside() -> None:
    levels = heights()
    upward = [
        name
        for name, own, target, _ in relations()
        if own != target and not (target in levels and levels[target] < levels[own])
    ]
    assert upward == []


def test_nothing_vanishes_with_something_else() -> None:
    cascading = {name for name, _, _, field in relations() if field.remote_field.on_delete is models.CASCADE}
    assert cascading == set(GO_TOGETHER)


@pytest.mark.django_db
def test_the_migrations_make_the_tables_of_today() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
