# SPDX-License-Identifier: Apache-2.0
"""Check the definitions as a whole, one module per idea. `ALL` is what the loader runs."""

from __future__ import annotations

from .asked import unasked_names
from .checked import Check, Checked
from .commitments import commitments
from .figures import uncited_figures
from .life_events import cycles, early_questions, wrong_subject
from .names import element_names, organisation_names, spoken_names
from .papers import papers_without_issuer, wrong_results
from .references import references, unused_sources
from .reuse import wrong_reuse
from .rules import rules
from .templates import template_fields, template_versions

ALL: tuple[Check, ...] = (
    references,
    unused_sources,
    rules,
    element_names,
    organisation_names,
    spoken_names,
    uncited_figures,
    wrong_results,
    papers_without_issuer,
    commitments,
    wrong_subject,
    early_questions,
    unasked_names,
    cycles,
    wrong_reuse,
    template_fields,
    template_versions,
)

__all__ = ["ALL", "Check", "Checked"]
