# SPDX-License-Identifier: Apache-2.0
"""A licence as data: metadata under the names of GB/T 36902 and GB/T 36903, and its GB/T 36904 identifier."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yiwang.engines.definitions.kinds.templates import Fact, Template
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Invalid

FORMAT = "yiwang-licence/1"
ROOT = "1.2.156.3005.2"
"""电子证照根代码 (GB/T 36904)."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PART = re.compile(r"[0-9A-Z]+")

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


def licence_identifier(type_code: str, issuer_code: str, serial: str, version: int = 1) -> str:
    """The identifier of one e-licence (电子证照标识), its check character last.

    Root, type code, issuing body's code, serial, version of three digits and a check character by ISO 7064
    MOD 37,36 over all of these but the root. Raises Invalid for parts of other characters.
    """
    parts = (type_code, issuer_code, serial, f"{version:03d}")
    if not all(_PART.fullmatch(part) for part in parts) or not 1 <= version <= 999:
        raise Invalid("电子证照标识的各段只能是数字和大写字母。", mend="请核对类型代码、机构代码和流水号。")
    return ".".join((ROOT, *parts, check_character("".join(parts))))


def check_character(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 over digits and capitals."""
    rest = 36
    for char in text:
        rest = (rest + _ALPHABET.index(char)) % 36 or 36
        rest = rest * 2 % 37
    return _ALPHABET[(37 - rest) % 36]
