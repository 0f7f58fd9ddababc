# SPDX-License-Identifier: Apache-2.0
"""A plan for people and for other machines: notice (text, html), flow chart (svg), process (bpmn)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.planning.model import Plan

from .bpmn import render_bpmn
from .html import render_fragment, render_page
from .svg import render_svg
from .text import render_text

RENDERERS: Mapping[str, Callable[[Plan, Catalogue], str]] = {
    "text": render_text,
    "html": render_page,
    "svg": render_svg,
    "bpmn": render_bpmn,
}
"""Format name → renderer. Each is pure and gives the same text for the same plan."""

__all__ = ["RENDERERS", "render_bpmn", "render_fragment", "render_page", "render_svg", "render_text"]
