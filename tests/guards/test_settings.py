# SPDX-License-Identifier: Apache-2.0
"""Every setting is documented, and every documented setting does something."""

from __future__ import annotations

import re

from support.sources import PACKAGE, ROOT, sources
from yiwang.conf.cli_settings import PAGE, page
from yiwang.conf.environment import VARIABLES


def test_the_page_of_settings_is_the_table_of_settings() -> None:
    kept = (ROOT / PAGE).read_text(encoding="utf-8")
    assert kept == page(), f"run: yiwang settings --page > {PAGE}"


def test_every_setting_is_read_somewhere() -> None:
    read = re.compile(r"""ENV\[["']([A-Z_]+)["']\]""")
    used = {name for s in sources() if s.path.is_relative_to(PACKAGE) for name in read.findall(s.text)}
    assert used == {variable.name for variable in VARIABLES}


def test_no_page_names_a_setting_that_is_not_there() -> None:
    known = {variable.full_name for variable in VARIABLES}
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *PACKAGE.glob("**/*.md")]
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in pages
        for name in re.findall(r"YIWANG_[A-Z][A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert {found for found in named if found[1] not in known} == set()
