# SPDX-License-Identifier: Apache-2.0
"""The door of waivers (免证可办).

1. Every year each department `begin`s a survey (what licences its items ask for, what they issue) and a
   declaration (which licences need not be shown), `save`s and `submit`s them.
2. The data bureau `review`s; `merge`s what it approved; `publish`es a batch.
3. `published_lists` says what was published when; `waived` is what guides mark 「免」 by.
4. `standings` lights late departments; `four_uses` is the list of what each item uses of the four.
"""

from __future__ import annotations

from .commands.filing import NotComplete, begin, save, submit
from .commands.reviewing import merge, publish, review
from .domain.filings import Kind, State
from .domain.four import FourUses, four_uses
from .domain.lists import UsableLicence, WaivedItem
from .domain.rows import Channel, DeclaredRow, SurveyRow
from .parts import FILLS, is_bureau, orgs_of
from .published import ListView, merged_list, published_lists, waived
from .queries import FilingView, Standing, filing_view, standings
from .volumes import use_volumes

__all__ = [
    "FILLS",
    "Channel",
    "DeclaredRow",
    "FilingView",
    "FourUses",
    "Kind",
    "ListView",
    "NotComplete",
    "Standing",
    "State",
    "SurveyRow",
    "UsableLicence",
    "WaivedItem",
    "begin",
    "filing_view",
    "four_uses",
    "is_bureau",
    "merge",
    "merged_list",
    "orgs_of",
    "publish",
    "published_lists",
    "review",
    "save",
    "standings",
    "submit",
    "use_volumes",
    "waived",
]
