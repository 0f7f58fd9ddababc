# SPDX-License-Identifier: Apache-2.0
"""Measure: `python -m benchmarks [NAME…] [--json FILE]`; without a name, everything.

It prints what it saw and ends with 0, also when a target is missed: a measurement is not a test.
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
import time
from pathlib import Path

from .measure import Line, table

NAMES = (
    *("plan", "clock", "submit", "worklist", "verify_page", "benefits", "sealing", "papers"),
    *("gateway", "batches", "watching", "credit", "credit_deliveries"),
)
APART = ("peers",)
"""Needs packages of its own: `scripts/with-extra peers -m benchmarks peers`."""


def main(arguments: list[str] | None = None) -> int:
    """Run the measurements named; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - {*NAMES, *APART}:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    lines: list[Line] = []
    for name in chosen.names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        start = time.monotonic()
        found = importlib.import_module(f"benchmarks.{name}").run()
        print(f"\n{name} ({time.monotonic() - start:.0f} s)\n{table(found)}", flush=True)
        lines += found
    if chosen.json:
        chosen.json.write_text(json.dumps(_report(lines), ensure_ascii=False, indent=1) + "\n")
    missed = sum(not line.met for line in lines)
    print(f"\n{len(lines)} lines, {missed} beyond their target.")
    return 0


def _report(lines: list[Line]) -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "lines": [line.as_json() for line in lines],
    }


if __name__ == "__main__":
    sys.exit(main())
