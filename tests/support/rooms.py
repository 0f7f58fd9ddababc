# SPDX-License-Identifier: Apache-2.0
"""Our rooms and desks imported before it is known for which deployment.

Models cannot be imported without settings. `load` gives them those that `conf/settings.py` says in so many
words, the same in every environment; that anything else is read at import is an error. Afterwards Django is
as if it had never been set up.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from django.apps import apps
from django.conf import global_settings, settings
from django.db import connections
from django.utils.functional import empty

from yiwang.engines import rules

YIWANG = Path(__file__).resolve().parents[2] / "src" / "yiwang"
_NOWHERE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}


class _Constant:
    """The settings that no environment changes. `varied`: the names of the others."""

    def __init__(self) -> None:
        self.varied: set[str] = set()
        for line in ast.parse((YIWANG / "conf" / "settings.py").read_text(encoding="utf-8")).body:
            if isinstance(line, ast.Assign | ast.AnnAssign) and line.value is not None:
                targets = line.targets if isinstance(line, ast.Assign) else [line.target]
                self._keep([one.id for one in targets if isinstance(one, ast.Name)], line.value)
        self.DEBUG = False  # Django asks whether to check its own callers
        self.DATABASES = _NOWHERE  # and how long the names of tables may be

    def _keep(self, names: list[str], value: ast.expr) -> None:
        try:
            vars(self).update(dict.fromkeys(names, ast.literal_eval(value)))
        except ValueError:
            self.varied.update(names)

    def __getattr__(self, name: str) -> Any:
        if name in self.varied:
            raise RuntimeError(f"settings.{name} is read while modules are imported")
        return getattr(global_settings, name)


def load() -> None:
    """Import every room and desk, and what they stand on; make the grammar of rules. The desk that counts
    answers is left: it counts in files or not, as its environment says when it is imported."""
    settings._wrapped = constant = _Constant()
    given = set(vars(constant))
    with mock.patch("yiwang.desks.apps.DesksConfig.ready"):
        apps.populate(settings.INSTALLED_APPS)
    for name in _modules():
        importlib.import_module(name)
    for name in vars(constant).keys() - given:  # what a library adds to the settings when it is imported
        setattr(global_settings, name, getattr(constant, name))
    rules.parse("true")
    _forget()


def _modules() -> Iterator[str]:
    yield "yiwang.wiring"
    for file in sorted((YIWANG / "desks").glob("*/urls.py")):
        if file.parent.name != "health":
            yield f"yiwang.desks.{file.parent.name}.urls"
    yield from ("yiwang.desks.api.routes", "yiwang.conf.backup", "yiwang.conf.worker")
    yield from (f"yiwang.apps.{one.parent.parent.name}.migrations.0001_initial" for one in _MIGRATIONS)
    for name in (*settings.MIDDLEWARE, *settings.AUTHENTICATION_BACKENDS):
        if "health" not in name:
            yield name.rpartition(".")[0]


_MIGRATIONS = sorted(YIWANG.glob("apps/*/migrations/0001_initial.py"))


def _forget() -> None:
    """Settings, database and registry are to be set up again, by whoever knows the environment."""
    settings._wrapped = empty
    del connections["default"]
    vars(connections).pop("settings")
    vars(connections)["_settings"] = None
    apps.app_configs.clear()
    apps.apps_ready = apps.models_ready = apps.ready = apps.loading = False
    apps.ready_event.clear()
