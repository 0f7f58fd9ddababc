# SPDX-License-Identifier: Apache-2.0
"""No tracked file carries an unfinished-work mark, a registry's host or a path of one machine."""

import re
import subprocess

from support.sources import ROOT

# The words are put together here so that this file does not carry them itself.
UNFINISHED = re.compile(r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
REGISTRY = re.compile(
    "|".join(
        re.escape(name) + re.escape(".") + tail
        for name, tail in [
            ("pypi", "(?:org|python)"),
            ("files", "pythonhosted"),
            ("registry", "(?:npmjs|npmmirror|yarnpkg)"),
            ("deb", "debian"),
            ("mirrors", r"[a-z]+\.(?:com|edu|cn)"),
            ("pypi", r"tuna"),
            ("proxy", r"golang"),
            ("repo", r"maven"),
        ]
    )
)
MACHINE = re.compile(
    r"(?<![\w.])/(?:"
    + "|".join(["root/", "home/[a-z]", r"work/(?:main|shared|\.)", "opt/(?:pypi|wheels)"])
    + ")"
)
RULES = {"unfinished": UNFINISHED, "registry": REGISTRY, "machine": MACHINE}


def tracked_files() -> list[str]:
    """Return the paths that git keeps, from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def found(text: str) -> list[str]:
    """Return what a text carries that it must not, with the line number."""
    return [
        f"{text.count(chr(10), 0, hit.start()) + 1}: {rule} {hit.group()}"
        for rule, pattern in RULES.items()
        for hit in pattern.finditer(text)
    ]


def test_no_tracked_file_carries_a_mark() -> None:
    marks = {}
    for name in tracked_files():
        data = (ROOT / name).read_bytes()
        hits = [] if b"\0" in data else found(data.decode("utf-8", errors="replace"))
        if hits:
            marks[name] = hits
    assert marks == {}


def test_the_patterns_find_what_they_are_for() -> None:
    planted = [
        "# TO" + "DO later",
        "https://pypi" + ".org/simple",
        "/work" + "/main/src",
        "/root" + "/.cache/x",
    ]
    assert [bool(found(text)) for text in planted] == [True] * len(planted)
    innocent = ["todo list", "/api/work/main", "see /offices/root/", "python.org"]
    assert [found(text) for text in innocent] == [[]] * len(innocent)
