# SPDX-License-Identifier: Apache-2.0
"""Names for pages of the data desk."""

from __future__ import annotations

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import resources


def resource_name(resource: str) -> str:
    """What a data resource is called; "" for none."""
    found = resources(current().catalogue).get(resource)
    return found.name if found else resource


def item_name(item: str) -> str:
    """What an item is called."""
    found = current().catalogue.items.get(item)
    return found.name if found else item


def org_name(org: str) -> str:
    """What a department is called."""
    found = current().catalogue.orgs.get(org)
    return found.name if found else org
