# SPDX-License-Identifier: Apache-2.0
"""Licences on paper: drawn from a template as PDF, OFD and JSON, sealed, and checked by anybody.

`render_pdf` and `render_ofd` draw the same sheet; `seal_pdf`, `seal_ofd`, `seal_json` put a GB/T 38540
seal in place through a `SealPress`; `check_file` answers with numbered steps and never raises.
"""

from yiwang.engines.definitions.kinds.templates import Face
from yiwang.engines.papers.checking import check_file, form_of, protected_parts
from yiwang.engines.papers.compose import CODE, QR, ValueMissing
from yiwang.engines.papers.fitting import TooLong
from yiwang.engines.papers.fonts import CharacterMissing, Fonts, FontsMissing, system_fonts
from yiwang.engines.papers.json_seals import check_json, seal_json
from yiwang.engines.papers.metadata import licence_json
from yiwang.engines.papers.ofd import render_ofd
from yiwang.engines.papers.ofd_seals import check_ofd, seal_ofd
from yiwang.engines.papers.pdf_seals import check_pdf, seal_pdf
from yiwang.engines.papers.placing import Place, SealPress
from yiwang.engines.papers.stamps import draw_seal
from yiwang.engines.papers.typeset import render_pdf

__all__ = [
    "CODE",
    "QR",
    "CharacterMissing",
    "Face",
    "Fonts",
    "FontsMissing",
    "Place",
    "SealPress",
    "TooLong",
    "ValueMissing",
    "check_file",
    "check_json",
    "check_ofd",
    "check_pdf",
    "draw_seal",
    "form_of",
    "licence_json",
    "protected_parts",
    "render_ofd",
    "render_pdf",
    "seal_json",
    "seal_ofd",
    "seal_pdf",
    "system_fonts",
]
