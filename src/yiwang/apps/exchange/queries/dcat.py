# SPDX-License-Identifier: Apache-2.0
"""The catalogue as DCAT 3 in JSON-LD, for outside catalogues to harvest: metadata only, page by page.

Important and core data (重要数据、核心数据) are left out: not even their descriptions go to the internet. The
form: `docs/formats/exchange.md`, within the shapes of DCAT-AP 3.0. Pages are told in Hydra, as the usual
harvesters read them.
"""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote

from yiwang.apps.catalogue.public import current
from yiwang.engines.exchange import Cycle, Grade, Sharing
from yiwang.kernel.errors import NotFound

from .catalogue import ResourceView, resources

PAGE = 100
"""Datasets on one page."""

_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_CYCLES = {
    Cycle.REAL_TIME: "UPDATE_CONT",
    Cycle.DAILY: "DAILY",
    Cycle.WEEKLY: "WEEKLY",
    Cycle.MONTHLY: "MONTHLY",
    Cycle.QUARTERLY: "QUARTERLY",
    Cycle.YEARLY: "ANNUAL",
    Cycle.IRREGULAR: "IRREG",
}
_RIGHTS = "http://publications.europa.eu/resource/authority/access-right/"
_NAMES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
CONTEXT: dict[str, Any] = _NAMES | {"@language": "zh"}
"""The context, written out in every page: nothing has to be fetched to read one."""


def dcat_page(address: str, *, page: int = 1, size: int = PAGE) -> dict[str, Any]:
    """One page of the catalogue as a JSON-LD value.

    Args:
        address: where the export stands, absolute and without a query: it names the catalogue.
        page: from 1.

    Raises NotFound for a page that is not there.
    """
    known = [one for one in resources() if one.resource.grade < Grade.IMPORTANT]
    last = max(1, math.ceil(len(known) / size))
    if not 1 <= page <= last:
        raise NotFound("没有这一页。", mend=f"页码从 1 到 {last}。")
    shown = known[(page - 1) * size : page * size]
    catalogue = {
        "@id": address,
        "@type": "dcat:Catalog",
        "dct:title": "驻马店市政务数据目录",
        "dct:description": "各部门提供的政务数据资源。只有目录信息；取得数据须经申请和授权。",
        "dct:language": _iri("http://publications.europa.eu/resource/authority/language/ZHO")
        | {"@type": "dct:LinguisticSystem"},
        "dct:publisher": _org("service-bureau", address),
        "dct:identifier": current().digest,
        "dcat:themeTaxonomy": {
            **_iri(f"{address}#themes"),
            "@type": "skos:ConceptScheme",
            "dct:title": "基础库、主题库和部门库",
        },
        "dcat:dataset": [_dataset(one, address) for one in shown],
    }
    return {
        "@context": CONTEXT,
        "@graph": [catalogue, _paging(address, page=page, last=last, total=len(known))],
    }


def _paging(address: str, *, page: int, last: int, total: int) -> dict[str, Any]:
    view: dict[str, Any] = {
        "@id": f"{address}?page={page}",
        "@type": "hydra:PartialCollectionView",
        "hydra:totalItems": total,
        "hydra:first": _iri(f"{address}?page=1"),
        "hydra:last": _iri(f"{address}?page={last}"),
    }
    if page > 1:
        view["hydra:previous"] = _iri(f"{address}?page={page - 1}")
    if page < last:
        view["hydra:next"] = _iri(f"{address}?page={page + 1}")
    return view


def _dataset(one: ResourceView, address: str) -> dict[str, Any]:
    it = one.resource
    themes = [it.library.term, *([it.theme] if it.theme else [])]
    return {
        "@id": f"{address}#{it.id}",
        "@type": "dcat:Dataset",
        "dct:identifier": it.id,
        "dct:title": it.name,
        "dct:description": it.summary,
        "dct:publisher": _org(it.provider, address),
        "dct:accrualPeriodicity": _iri(_FREQUENCY + _CYCLES[it.cycle]) | {"@type": "dct:Frequency"},
        "dct:accessRights": _access(one),
        "dct:rights": _rights(one),
        "dct:spatial": [_place(name) for name in one.places] or _place("驻马店市"),
        "dct:type": _concept(f"{address}#level-{it.level.value}", it.level.term),
        "dcat:theme": [
            _concept(f"{address}#theme-{quote(word)}", word) | {"skos:inScheme": _iri(f"{address}#themes")}
            for word in themes
        ],
        "dcat:keyword": [field.name for field in it.fields],
    }


def _access(one: ResourceView) -> dict[str, Any]:
    class_ = "NON_PUBLIC" if one.resource.sharing is Sharing.NOT_SHARED else "RESTRICTED"
    return _iri(_RIGHTS + class_) | {"@type": "dct:RightsStatement"}


def _rights(one: ResourceView) -> dict[str, Any]:
    it = one.resource
    words = it.sharing.term + (f"：{it.condition}" if it.condition else "")
    return {"@type": "dct:RightsStatement", "rdfs:label": words}


def _concept(identity: str, words: str) -> dict[str, Any]:
    return _iri(identity) | {"@type": "skos:Concept", "skos:prefLabel": words}


def _org(identity: str, address: str) -> dict[str, Any]:
    org = current().catalogue.orgs.get(identity)
    named = {"foaf:name": org.name if org else identity}
    return {"@id": f"{address}#org-{identity}", "@type": ["foaf:Agent", "foaf:Organization"], **named}


def _place(name: str) -> dict[str, Any]:
    return {"@type": "dct:Location", "skos:prefLabel": name}


def _iri(address: str) -> dict[str, Any]:
    return {"@id": address}
