# SPDX-License-Identifier: Apache-2.0
"""Load a folder of definitions: read, lay levels over each other, validate, check, hash.

1. `levels.yaml` names the levels, top down. 2. Every `<level>/<folder>/**/*.yaml` is read
(reading.py). 3. Lower levels refine higher ones (overlay.py). 4. Each merged definition becomes
an instance of its kind. 5. The whole is checked (checks/). 6. The catalogue gets its digest
(release.py). Problems of all steps are collected and told together.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from .catalogue import Catalogue
from .checks import ALL, Check, Checked
from .complaints import problems_of
from .kinds import KINDS, Definition, Kinds
from .overlay import Entry, Overlay
from .problems import DefinitionErrors, Problem, Where, nearest
from .reading import Node, plain, read
from .release import digest_of

LEVELS_FILE = "levels.yaml"
SCHEMA_FOLDER = "schema"


@dataclass(frozen=True)
class Report:
    """What was found in a folder: the sound definitions, and everything to mend."""

    catalogue: Catalogue
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    files: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def load(
    directory: Path | str,
    *,
    kinds: Kinds = KINDS,
    levels: Sequence[str] | None = None,
    checks: Sequence[Check] = (),
) -> Catalogue:
    """The catalogue in `directory`. Raises DefinitionErrors with every problem found.

    `kinds` maps a folder name to its kind (other engines add theirs: `KINDS | more`); `levels`
    overrides levels.yaml; `checks` are further checks of the caller over the whole.
    """
    report = inspect(directory, kinds=kinds, levels=levels, checks=checks)
    if report.problems:
        raise DefinitionErrors(report.problems)
    return report.catalogue


def inspect(
    directory: Path | str,
    *,
    kinds: Kinds = KINDS,
    levels: Sequence[str] | None = None,
    checks: Sequence[Check] = (),
) -> Report:
    """Like `load`, but problems are in the report; sound definitions are there all the same."""
    root = Path(directory)
    reading = _Reading(root.resolve(), kinds)
    reading.all_levels(levels)
    definitions = reading.validated()
    entries = reading.overlay.entries
    origins = {key: entry.files for key, entry in entries.items()}
    catalogue = Catalogue.of(definitions, digest=digest_of(definitions), origins=origins)
    found = {*reading.problems, *reading.overlay.problems}
    checked = Checked(catalogue, entries, frozenset(reading.overlay.unread))
    for one in (*ALL, *checks):
        found.update(one(checked))
    return Report(
        catalogue=catalogue,
        problems=tuple(sorted(problem for problem in found if not problem.doubt)),
        warnings=tuple(sorted(problem for problem in found if problem.doubt)),
        files=reading.files,
        counts=Counter({folder: len(known) for folder, known in definitions.items()}),
    )


def load_part(directory: Path | str, *, kinds: Kinds, levels: Sequence[str] | None = None) -> Catalogue:
    """A catalogue of only the folders in `kinds`, levels laid over each other; no digest.

    Other folders are not opened and nothing is checked across definitions: for tools that need a
    calendar and nothing else. Raises DefinitionErrors with every problem found.
    """
    reading = _Reading(Path(directory).resolve(), kinds, whole=False)
    reading.all_levels(levels)
    definitions = reading.validated()
    if problems := [*reading.problems, *reading.overlay.problems]:
        raise DefinitionErrors(problems)
    return Catalogue.of(definitions)


class _Reading:
    def __init__(self, root: Path, kinds: Kinds, *, whole: bool = True) -> None:
        self.root = root
        self.kinds = kinds
        self.whole = whole
        self.overlay = Overlay()
        self.adapters: dict[str, TypeAdapter[Definition]] = {
            folder: TypeAdapter(kind) for folder, kind in kinds.items()
        }
        self.problems: list[Problem] = []
        self.files = 0

    def all_levels(self, levels: Sequence[str] | None) -> None:
        if not self.root.is_dir():
            self._add(
                self.root, "没有这个目录", "请用 --directory 或 YIWANG_DEFINITIONS_DIR 指明定义所在的目录"
            )
            return
        chain = self._levels() if levels is None else tuple(levels)
        for path in self._inside(self.root):
            if path.name not in (*chain, SCHEMA_FOLDER) and path.is_dir():
                hint = nearest(path.name, chain)
                self._add(path, "不认识的目录", f"{hint}可用的层级写在 {LEVELS_FILE}：{'、'.join(chain)}")
            elif path.name not in (*chain, SCHEMA_FOLDER, LEVELS_FILE):
                self._stray_file(path)
        for level in chain:
            if (self.root / level).is_dir():
                self._level(level)

    def _levels(self) -> tuple[str, ...]:
        path = self.root / LEVELS_FILE
        if not path.is_file():
            self._add(path, "缺少这个文件", "请写明由上到下的层级，如 levels: [national, henan, zhumadian]")
            return ()
        node = self._file(path)
        value = plain(node) if node else None
        chain = value.get("levels") if isinstance(value, dict) else None
        if isinstance(chain, list) and chain and all(isinstance(level, str) for level in chain):
            return tuple(chain)
        self._add(path, "没有列出层级", "请写成 levels: [national, henan, zhumadian]")
        return ()

    def _level(self, level: str) -> None:
        for path in self._inside(self.root / level):
            if path.is_file():
                self._stray_file(path)
            elif path.name in self.kinds:
                for file in self._yaml_files(path):
                    self._definitions(path.name, level, file)
            elif self.whole:
                hint = nearest(path.name, self.kinds)
                self._add(path, "不认识的目录", f"{hint}可用的目录：{'、'.join(sorted(self.kinds))}")

    def _definitions(self, folder: str, level: str, file: Path) -> None:
        node = self._file(file)
        if node is None:
            self.overlay.unread.add(folder)
            return
        for one in node.value if isinstance(node.value, list) else [node]:
            self.overlay.add(folder, level, one)

    def _file(self, path: Path) -> Node | None:
        self.files += 1
        node, problems = read(path.read_bytes(), self._name(path))
        self.problems.extend(problems)
        return node

    def _yaml_files(self, folder: Path) -> Iterator[Path]:
        for path in self._inside(folder):
            if path.is_dir():
                yield from self._yaml_files(path)
            elif path.suffix == ".yaml":
                yield path
            else:
                self._stray_file(path)

    def _inside(self, folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if path.is_symlink():
                self._add(path, "不能用符号链接", "请放入文件本身")
            elif not path.name.startswith("."):
                yield path

    def _stray_file(self, path: Path) -> None:
        if path.suffix == ".yml":
            self._add(path, "文件名应以 .yaml 结尾", "请把 .yml 改名为 .yaml")
        elif path.suffix == ".yaml":
            self._add(path, "定义放错了位置", "请放到 <层级>/<种类>/ 目录下")
        elif path.suffix != ".md":
            self._add(path, "不认识的文件", "定义目录里只放 .yaml 和说明用的 .md")

    def validated(self) -> dict[str, dict[str, Definition]]:
        """Every sound definition by folder and id; complaints about the others are kept."""
        found: dict[str, dict[str, Definition]] = {}
        for (folder, identity), entry in self.overlay.entries.items():
            if definition := self._valid(entry):
                found.setdefault(folder, {})[identity] = definition
        return found

    def _valid(self, entry: Entry) -> Definition | None:
        try:
            return self.adapters[entry.folder].validate_python(plain(entry.node))
        except ValidationError as error:
            self.problems.extend(problems_of(error, self.kinds[entry.folder], entry.node, entry.files))
            return None

    def _name(self, path: Path) -> str:
        return (
            f"{self.root.name}/{path.relative_to(self.root).as_posix()}" if path != self.root else path.name
        )

    def _add(self, path: Path, what: str, mend: str) -> None:
        self.problems.append(Problem.at(Where(self._name(path), 1), what, mend))


def default_directory() -> Path:
    """Where the definitions are: YIWANG_DEFINITIONS_DIR, else `definitions/` of this repository.

    Raises DefinitionErrors when there is neither.
    """
    if named := os.environ.get("YIWANG_DEFINITIONS_DIR"):
        return Path(named)
    for parent in Path(__file__).resolve().parents:
        if (parent / "definitions" / LEVELS_FILE).is_file():
            return parent / "definitions"
    mend = "请用 --directory 或环境变量 YIWANG_DEFINITIONS_DIR 指明定义所在的目录"
    raise DefinitionErrors([Problem("definitions", 1, "找不到定义目录", mend)])
