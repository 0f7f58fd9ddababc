# SPDX-License-Identifier: Apache-2.0
"""Purposes of using a licence: which fit a licence, and who may look for one."""

from __future__ import annotations

import datetime as dt

from yiwang.engines.definitions.catalogue import Catalogue
from yiwang.engines.definitions.kinds import Material
from yiwang.engines.definitions.kinds.purposes import UsePurpose, Way
from yiwang.kernel.actor import Actor, ActorKind
from yiwang.kernel.errors import NotFound

OWN = "own-call-up"
"""The purpose under which holders look at their own."""


def purpose_of(catalogue: Catalogue, purpose_id: str, *, on: dt.date) -> UsePurpose:
    """A purpose in force on `on`. Raises NotFound."""
    found = catalogue.others.get("purposes", {}).get(purpose_id)
    if not isinstance(found, UsePurpose) or not found.valid_on(on):
        raise NotFound("没有这个用证目的，或者已经停用。", mend="请返回上一页重新选择。")
    return found


def purposes_for(catalogue: Catalogue, way: Way, material: Material, *, on: dt.date) -> list[UsePurpose]:
    """The purposes in force for which a licence of this kind is used in this way, by id."""
    return [one for one in purposes_in(catalogue, way, on) if fits(one, material)]


def purposes_in(catalogue: Catalogue, way: Way, on: dt.date) -> list[UsePurpose]:
    """The purposes in force on `on` that are served in this way, by id."""
    known = catalogue.others.get("purposes", {}).values()
    return [one for one in known if isinstance(one, UsePurpose) and one.valid_on(on) and way in one.ways]


def fits(purpose: UsePurpose, material: Material) -> bool:
    """Whether the purpose is for licences of this kind."""
    kind_fits = not purpose.materials or material.id in purpose.materials
    return kind_fits and (not purpose.subjects or material.subject in purpose.subjects)


def may_look(purpose: UsePurpose, actor: Actor) -> bool:
    """Whether somebody may look for this purpose, if the holder lets them."""
    if actor.kind is ActorKind.PERSON:
        return purpose.people
    return actor.kind is ActorKind.OFFICER and actor.has(*purpose.officers)
