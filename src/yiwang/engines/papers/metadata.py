# SPDX-License-Identifier: Apache-2.0
"""A licence as data: metadata under the names of GB/T 36902 and GB/T 36903."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.engines.definitions.kinds.templates import Fact, Template
from yiwang.kernel.canonical import canonical_json

FORMAT = "yiwang-licence/1"

_METADATA = {
    "CertificateIdentifier": Fact.IDENTIFIER,
    "CertificateNumber": Fact.NUMBER,
    "CertificateHolderName": Fact.HOLDER,
    "CertificateHolderCode": Fact.HOLDER_CODE,
    "CertificateIssuingAuthorityName": Fact.ISSUER,
    "CertificateIssuedDate": Fact.ISSUED_ON,
    "CertificateEffectiveDate": Fact.VALID_FROM,
    "CertificateExpiringDate": Fact.VALID_TO,
}


def licence_json(template: Template, facts: Mapping[str, str]) -> bytes:
    """The licence as canonical JSON. `facts`: keyed as for printing; what a key is missing for is left out.

    Names of metadata as in the national platform's licence data; see `docs/formats/ofd.md`.
    """
    fields = [
        {"element": field.element, "label": field.label or "", "value": facts[field.element]}
        for field in template.fields
        if field.element and facts.get(field.element)
    ]
    template_of = {"id": template.id, "material": template.material, "version": template.version}
    return canonical_json(
        {
            "fields": fields,
            "format": FORMAT,
            "metadata": metadata_of(template, facts),
            "template": template_of,
        }
    )


def metadata_of(template: Template, facts: Mapping[str, str]) -> dict[str, str]:
    """Metadata by name; what is not known is left out."""
    catalogue = {
        "CertificateTypeName": template.title.text,
        "CertificateTypeCode": template.type.type_code,
        "CertificateDefineAuthorityName": template.type.definer,
        "CertificateHolderCategory": template.type.holder_kind,
        "ValidityRange": template.type.validity_range,
    }
    metadata = {key: value for key, value in catalogue.items() if value}
    return metadata | {key: facts[fact] for key, fact in _METADATA.items() if facts.get(fact)}
