# SPDX-License-Identifier: Apache-2.0
"""A QR code as a picture inside the page: no file of its own, no style, no script."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """The QR code of a text as SVG, sized by the style sheet; 15 % of it may be unreadable.

    The text stands in the picture as black squares only, never as text, so it is safe in a page.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, nl=False, omitsize=True, light="#fff", svgclass=None, lineclass=None
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - squares that segno drew
