# SPDX-License-Identifier: Apache-2.0
"""The desks as one Django app: templates, static files, no tables."""

from django.apps import AppConfig


class DesksConfig(AppConfig):
    """The ways in."""

    name = "yiwang.desks"
    label = "desks"
    verbose_name = "一体五端"

    def ready(self) -> None:
        """Plug the rooms together; models are loaded by now, and not before."""
        from yiwang import wiring

        wiring.plug_in()
