# SPDX-License-Identifier: Apache-2.0
"""The door of materials.

1. `store_file` checks an upload through and gives it a public id.
2. `keep` marks it as submitted; before that, `discard` throws it away.
3. `describe`, `content_of`, `owner_of` read; whoever calls them has decided that the actor may.
4. A decided case calls `keep_accepted`: its documents are e-materials (电子材料) from then on.
   `EMaterialProvider` answers with them; `use_e_material` notes that one stands in an application;
   its holder sees it (`e_materials_of`) and may say no (`withdraw_e_material`).
5. The worker calls `remove_orphans`.
"""

from __future__ import annotations

from .commands.e_materials import Accepted, keep_accepted, use_e_material, withdraw_e_material
from .commands.files import discard, keep, remove_orphans, store_file
from .domain.refusals import FileRefused
from .domain.reuse import Listed, Origin, catalogue_of
from .e_materials import EMaterialView, Use, e_material_of, e_materials, e_materials_of, stands
from .provider import EMaterialProvider
from .queries import StoredFile, content_of, describe, owner_of, stored_digests

__all__ = [
    "Accepted",
    "EMaterialProvider",
    "EMaterialView",
    "FileRefused",
    "Listed",
    "Origin",
    "StoredFile",
    "Use",
    "catalogue_of",
    "content_of",
    "describe",
    "discard",
    "e_material_of",
    "e_materials",
    "e_materials_of",
    "keep",
    "keep_accepted",
    "owner_of",
    "remove_orphans",
    "stands",
    "store_file",
    "stored_digests",
    "use_e_material",
    "withdraw_e_material",
]
