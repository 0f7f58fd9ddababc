# SPDX-License-Identifier: Apache-2.0
"""No grant names a third party without the written consent of the provider's leader."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import IntegrityError, transaction

from support.city import pdf
from yiwang.apps.exchange import public as x
from yiwang.apps.exchange.models import Grant
from yiwang.apps.materials.public import FileRefused, content_of
from yiwang.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

from . import people as p

pytestmark = pytest.mark.usefixtures("clock")
PASSED_ON = {"third_party": "驻马店市住房置业担保有限公司", "third_party_why": "由其代办核算，按协议删除"}


def test_without_consent_no_third_party() -> None:
    request = p.asked(**PASSED_ON)
    assert x.request_view(p.REVIEWER, request).consent_missing
    with pytest.raises(Invalid, match="书面同意"):
        p.decided(request)
    asked = x.request_view(p.REVIEWER, request).asked
    less = dataclasses.replace(x.terms_of(asked), third_party="")
    grant = x.grant(p.decided(request, terms=less, words="不同意提供给第三方"))
    assert (grant.third_party, grant.consent) == ("", "")


def test_consent_online_or_by_a_signed_document() -> None:
    request = p.asked(**PASSED_ON)
    with pytest.raises(Invalid):
        x.consent(p.LEADER, request, words="好")
    online = x.consent(p.LEADER, request, words="同意仅用于核算，用后删除")
    signed = x.consent(p.LEADER, request, words="见盖章文件", name="同意书.pdf", content=pdf())
    grant = x.grant(p.decided(request))
    assert (grant.third_party, grant.consent) == (PASSED_ON["third_party"], signed)
    seen = x.request_view(p.ASKER, request).consents
    assert [(one.public_id, one.holds) for one in seen] == [(online, False), (signed, True)]
    file, name = x.consent_file(p.ASKER, request, signed)
    assert (content_of(file)[1][:5], name) == (b"%PDF-", "同意书.pdf")
    for actor, consent in ((p.STRANGER, signed), (p.ASKER, online)):
        with pytest.raises(NotFound):
            x.consent_file(actor, request, consent)


def test_a_document_that_cannot_be_kept_is_no_consent() -> None:
    request = p.asked(**PASSED_ON)
    with pytest.raises(FileRefused):
        x.consent(p.LEADER, request, words="见盖章文件", name="同意书.exe", content=b"MZ\x00\x01")
    assert x.request_view(p.LEADER, request).consents == []


def test_consent_is_to_this_very_request() -> None:
    request = p.asked(**PASSED_ON)
    x.consent(p.LEADER, request, words="同意仅用于核算")
    p.decided(request, grant=False, words="请减少信息项")
    changed = p.wanted(**PASSED_ON | {"third_party": "另一家公司"})
    x.mend(p.ASKER, request, changed, version=p.version(request))
    assert x.request_view(p.REVIEWER, request).consent_missing
    with pytest.raises(Invalid, match="书面同意"):
        p.decided(request)


def test_nobody_consents_to_their_own_or_to_nothing() -> None:
    request = p.asked()
    with pytest.raises(Conflict):
        x.consent(p.LEADER, request, words="同意仅用于核算")
    both = p.officer("leads both", *p.LEADER.posts, *p.ASKER.posts)
    own = x.ask(both, p.wanted(resource="map", fields=("area",), plain={}, **PASSED_ON))
    with pytest.raises(NotAllowed, match="自己"):
        x.consent(both, own, words="同意仅用于核算")


def test_a_grant_cannot_be_changed_nor_name_a_third_party_without_consent() -> None:
    grant = p.granted()
    row = Grant.objects.get(public_id=grant)
    row.per_day += 1
    for fields in ({}, {"update_fields": ["per_day"]}):
        with pytest.raises(TypeError, match="不能修改"):
            row.save(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(public_id=grant).update(third_party="某公司")
