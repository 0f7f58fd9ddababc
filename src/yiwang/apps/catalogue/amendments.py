# SPDX-License-Identifier: Apache-2.0
"""Policies published in the console, beside the definition files.

A published draft is in force while the release in force has exactly its definition. A release drafted from
files takes those with it: 1. the file says the same: in step; 2. the file says what some earlier release
said, or there is none: it is behind, and the published one is laid over it; 3. the file says something else:
two people have changed it, and somebody must decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yiwang.engines.benefits.kinds import Policy
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.release import digest_of
from yiwang.engines.definitions.writing import as_yaml, content_of
from yiwang.kernel.canonical import canonical_digest
from yiwang.kernel.errors import Invalid
from yiwang.kernel.termed import Termed

from .models import DraftState, PolicyDraft
from .past import past_of
from .policy_parts import FOLDER, definition_digest, digest_in, policy_in
from .queries import current, current_digest

_SOURCES = "sources"


class Step(Termed):
    """How the files stand to what was published."""

    IN_STEP = "in_step", "文件已一致"
    BEHIND = "behind", "文件还没有跟上"
    APART = "apart", "文件另外改过"


@dataclass(frozen=True)
class Amendment:
    """A policy published in the console that is in force: the definition, and the source it brought."""

    draft: str
    policy: Policy
    source: Any
    digest: str
    published_at: dt.datetime
    published_by: str

    @property
    def files(self) -> dict[str, str]:
        """What to write into the definition files: path → text."""
        found = {f"{FOLDER}/{self.policy.id}.yaml": as_yaml(content_of(self.policy))}
        if self.source is not None:
            found[f"{_SOURCES}/{self.source.id}.yaml"] = as_yaml(content_of(self.source))
        return found


def amendments() -> list[Amendment]:
    """Those in force, by policy."""
    if current_digest() is None:
        return []
    opened = current().catalogue
    found: dict[str, Amendment] = {}
    rows = PolicyDraft.objects.filter(state=DraftState.PUBLISHED.value).order_by("published_at", "id")
    for row in rows:
        policy = policy_in(opened, row.policy)
        if policy is None or row.published_at is None or definition_digest(policy) != row.definition:
            continue
        source = opened.sources.get(row.typed["source"]["id"]) if row.typed["doc"] == "new" else None
        found[row.policy] = Amendment(
            row.public_id, policy, source, row.definition, row.published_at, row.published_by
        )
    return [found[key] for key in sorted(found)]


def step_of(amendment: Amendment, files: Catalogue) -> Step:
    """How the files stand to one of them."""
    written = digest_in(files, amendment.policy.id)
    if written == amendment.digest:
        return Step.IN_STEP
    past = {canonical_digest(one.content) for one in past_of(FOLDER, amendment.policy.id) if one.content}
    return Step.BEHIND if not written or written in past else Step.APART


def laid_over(files: Catalogue, *, files_win: Collection[str] = ()) -> Catalogue:
    """The files with the published policies laid over where they are behind.

    Raises Invalid naming the policies that were changed in both places, but for those of `files_win`.
    """
    found = files
    apart: list[str] = []
    for one in amendments():
        if one.policy.id in files_win:
            continue
        step = step_of(one, files)
        if step is Step.APART:
            apart.append(f"{one.policy.name}（{one.policy.id}）")
        elif step is Step.BEHIND:
            found = with_policy(found, one.policy, one.source)
    if apart:
        raise Invalid(
            f"这些政策在管理台发布过，文件又另外改过：{'、'.join(apart)}。",
            mend="用 yiwang release amendments --to 导出，合并进文件；以文件为准的，加 --files-win 编号。",
        )
    return found


def with_policy(catalogue: Catalogue, policy: Policy, source: Any = None) -> Catalogue:
    """A catalogue with one policy (and its source) put in; the rest is as it was."""
    folders: dict[str, Mapping[str, Any]] = dict(catalogue.folders())
    folders[FOLDER] = {**folders.get(FOLDER, {}), policy.id: policy}
    if source is not None and source.id not in catalogue.sources:
        folders[_SOURCES] = {**folders.get(_SOURCES, {}), source.id: source}
    return replace(Catalogue.of(folders, digest=digest_of(folders)), origins=catalogue.origins)


def lost_by(catalogue: Catalogue, files_win: Collection[str]) -> list[str]:
    """The published policies that a release would take back without anybody having said so."""
    return [
        one.policy.name
        for one in amendments()
        if one.policy.id not in files_win and digest_in(catalogue, one.policy.id) != one.digest
    ]
