# SPDX-License-Identifier: Apache-2.0
"""A licence as data, and its identifier."""

from __future__ import annotations

import json

from yiwang.engines.papers import licence_json
from yiwang.kernel.canonical import canonical_json

from .support import VALUES, template


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
