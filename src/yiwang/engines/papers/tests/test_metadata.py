# SPDX-License-Identifier: Apache-2.0
"""A licence as data, and its identifier."""

from __future__ import annotations

import json

import pytest

from yiwang.engines.papers import licence_identifier, licence_json
from yiwang.engines.papers.metadata import check_character
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import Invalid

from .support import VALUES, template


@pytest.mark.parametrize(
    "published",
    [
        "11100000000013338W011.11430000006122244L.20230000403.001.U",
        "11100000000013338W009.11330105002500287C.2025052201.002.0",
        "11100000MB03271699022.340100.000000016.001.9",
    ],
)
def test_identifiers_of_other_places_fit_our_rule(published: str) -> None:
    kind, issuer, serial, version, check = published.split(".")
    assert check_character(kind + issuer + serial + version) == check
    assert licence_identifier(kind, issuer, serial, int(version)) == f"1.2.156.3005.2.{published}"


def test_one_wrong_character_or_two_exchanged_are_noticed() -> None:
    text = "11100000000013338W01111430000006122244L20230000403001"
    right = check_character(text)
    for place in range(len(text)):
        other = text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :]
        assert check_character(other) != right
    for place in range(len(text) - 1):
        if text[place] != text[place + 1]:
            swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
            assert check_character(swapped) != right


@pytest.mark.parametrize(
    "parts", [("abc", "1", "1", 1), ("1", "", "1", 1), ("1", "1", "1.2", 1), ("1", "1", "1", 0)]
)
def test_parts_of_other_characters_are_refused(parts: tuple[str, str, str, int]) -> None:
    with pytest.raises(Invalid, match="数字和大写字母"):
        licence_identifier(*parts)


def test_a_licence_as_json_is_canonical_and_leaves_out_what_is_not_known() -> None:
    data = licence_json(template(), {**VALUES, "持证主体": "老张面馆", "有效期至": "2031-05-31"})
    value = json.loads(data)
    assert canonical_json(value) == data
    assert value["metadata"] == {
        "CertificateDefineAuthorityName": "国家市场监督管理总局",
        "CertificateExpiringDate": "2031-05-31",
        "CertificateHolderName": "老张面馆",
        "CertificateIssuingAuthorityName": VALUES["发证机关"],
        "CertificateNumber": VALUES["证照编号"],
        "CertificateTypeName": "食品经营许可证",
    }
    assert value["fields"][0] == {"element": "firm-name", "label": "名称", "value": VALUES["firm-name"]}
    assert value["template"] == {"id": "food-licence-1", "material": "food-licence", "version": 1}
