# SPDX-License-Identifier: Apache-2.0
"""Everybody registered in the city as the population of a draft's test: those of whom departments have said
something, and all the others, of whom only the registration is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.apps.identity.public import RegisteredFirm, registered_firms, registered_people
from yiwang.engines.benefits.kinds import For
from yiwang.engines.benefits.source_kinds import registration_facts
from yiwang.engines.definitions import Catalogue
from yiwang.engines.rules import Value
from yiwang.kernel.errors import Invalid
from yiwang.kernel.late import Late

from .policy_trials import Subjects, Wanted

pa: Any = Late("pyarrow")
Facts = Mapping[str, Value]
_NAMES = {For.FIRM: "企业", For.PERSON: "个人"}


def all_registered(known: Subjects, wanted: Wanted) -> Subjects:
    """The subjects of whom something is known and everybody else registered whom the draft could be for.

    What the registration says fills what nobody else has said; where the two differ it is not known.
    Raises Invalid for a policy for bodies: they have no register here.
    """
    to = wanted.policies[0].to
    if to not in _NAMES:
        raise Invalid(
            "机关、县区没有登记名册。", mend="请改用认定名单，或者上传一份数据。", field="population"
        )
    told = dict(_registered(wanted.catalogue, to, wanted.names))
    table = known.table
    given = {key: place for place, key in enumerate(table["id"].to_pylist())}
    order = [*given, *(key for key in told if key not in given)]
    columns: dict[str, Any] = {"id": pa.array(order, pa.string())}
    for name in table.column_names[1:]:
        said = table[name].to_pylist()
        values = [
            _one(said[given[key]] if key in given else None, told.get(key, {}).get(name)) for key in order
        ]
        columns[name] = pa.array(values, table.schema.field(name).type)
    words = f"全市登记的 {len(order)} 个{_NAMES[to]}，其中 {len(given)} 个部门另有认定"
    digest = hashlib.sha256("\n".join((known.digest, *order)).encode()).hexdigest()
    return Subjects(pa.table(columns), words, digest, known=True, notes=known.notes)


def _one(said: Value, registered: Value) -> Value:
    if said is None or registered is None:
        return registered if said is None else said
    return said if said == registered else None


def _registered(catalogue: Catalogue, to: For, names: Any) -> Iterator[tuple[str, Facts]]:
    if to is For.PERSON:
        yield from ((key, {}) for key in registered_people())
        return
    facts = registration_facts(catalogue, names)
    firm: RegisteredFirm
    for firm in registered_firms():
        yield firm.public_id, facts(firm.kind, firm.place, firm.founded)
