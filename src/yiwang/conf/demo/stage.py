# SPDX-License-Identifier: Apache-2.0
"""What every part of the demonstration needs."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass

from yiwang.engines.definitions.catalogue import Catalogue

from .accounts import PASSWORD
from .browser import Browser, Site
from .city import Cast
from .story import Story


@dataclass
class Stage:
    """The city's address and definitions, who plays, and who tells."""

    site: Site
    catalogue: Catalogue
    cast: Cast
    story: Story
    open: ExitStack

    def browser(self, username: str = "") -> Browser:
        """A browser of its own, logged in if a name is given."""
        browser = self.open.enter_context(closing(Browser(self.site)))
        if username:
            browser.log_in(username, PASSWORD)
        return browser
