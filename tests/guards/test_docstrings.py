# SPDX-License-Identifier: Apache-2.0
"""Every module says what it is for; every public function and class says what it does."""

from support.sources import sources

SPDX = "# SPDX-License-Identifier: Apache-2.0"


def test_every_file_names_its_licence() -> None:
    bare = [s.name for s in sources() if s.text.strip() and SPDX not in s.text.splitlines()[:2]]
    assert bare == []


def test_every_module_says_what_it_is_for() -> None:
    named = [s for s in sources() if not s.path.name.startswith("__init__")]
    assert [s.name for s in named if not s.outline.documented] == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    silent = [f"{s.name}:{one}" for s in sources() if not s.is_test for one in s.outline.silent]
    assert silent == []
