# SPDX-License-Identifier: Apache-2.0
"""Read the templates that departments handed in: who sees which, and the download area."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiwang.engines.definitions.kinds import Template
from yiwang.kernel.actor import Actor, Role
from yiwang.kernel.errors import NotFound

from .domain.template_states import TemplateLevel, TemplateState
from .models import TemplateVersion

DEPARTMENT = (Role.HANDLER, Role.APPROVER, Role.REPRESENTATIVE, Role.DATA)
"""Who hands templates in for a department."""


@dataclass(frozen=True)
class TemplateView:
    """A version as pages show it."""

    public_id: str
    material: str
    version: int
    org: str
    level: TemplateLevel
    state: TemplateState
    handed_in_by: str
    handed_in_at: dt.datetime
    words: str
    published_on: dt.date | None
    superseded_on: dt.date | None
    digest: str
    name: str


def is_bureau(actor: Actor) -> bool:
    """Whether the officer is of the data bureau, not of one department."""
    return any(post.role is Role.DATA and not post.org for post in actor.posts)


def templates_seen_by(actor: Actor) -> list[TemplateView]:
    """The versions an officer may see, the newest first: the bureau's and auditors' all, a department's
    own."""
    rows = TemplateVersion.objects.order_by("-handed_in_at", "-id")
    if not (is_bureau(actor) or actor.has(Role.AUDITOR)):
        own = {post.org for post in actor.posts if post.role in DEPARTMENT and post.org}
        rows = rows.filter(org__in=own)
    return [_view(row) for row in rows]


def template_view(actor: Actor, public_id: str) -> TemplateView:
    """One version an officer may see. Raises NotFound."""
    found = next((one for one in templates_seen_by(actor) if one.public_id == public_id), None)
    if found is None:
        raise NotFound("没有这个模板。", mend="请从模板列表进入。")
    return found


def template_text(actor: Actor, public_id: str) -> str:
    """The file of a version as it was handed in: of one that was hung up for every officer, of others for
    those who see them. Raises NotFound."""
    row = TemplateVersion.objects.filter(public_id=public_id).first()
    if row is None or not (row.published_on or _may_see(actor, public_id)):
        raise NotFound("没有这个模板。", mend="请从模板列表进入。")
    return row.text


def template_of_version(actor: Actor, public_id: str) -> Template:
    """The checked template of a version, to be drawn as a sample. Raises NotFound."""
    template_text(actor, public_id)
    return Template.model_validate(TemplateVersion.objects.get(public_id=public_id).content)


def downloads() -> list[TemplateView]:
    """The download area (下载专区): what is in use, by type."""
    rows = TemplateVersion.objects.filter(state=TemplateState.PUBLISHED).order_by("material")
    return [_view(row) for row in rows]


def _may_see(actor: Actor, public_id: str) -> bool:
    return public_id in {one.public_id for one in templates_seen_by(actor)}


def _view(row: TemplateVersion) -> TemplateView:
    return TemplateView(
        public_id=row.public_id,
        material=row.material,
        version=row.version,
        org=row.org,
        level=TemplateLevel(row.level),
        state=TemplateState(row.state),
        handed_in_by=row.handed_in_by,
        handed_in_at=row.handed_in_at,
        words=row.words,
        published_on=row.published_on,
        superseded_on=row.superseded_on,
        digest=row.digest,
        name=row.content["name"],
    )
