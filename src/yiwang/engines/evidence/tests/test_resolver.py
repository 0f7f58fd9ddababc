# SPDX-License-Identifier: Apache-2.0
"""The order of places, what counts as an answer, what is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from yiwang.engines.evidence import (
    Answer,
    ApplicantProvider,
    Asked,
    Context,
    EarlierStepProvider,
    FactsProvider,
    Ground,
    HeldLicence,
    Look,
    LookOutcome,
    Offer,
    OfferProvider,
    Provider,
    ProviderKind,
    Question,
    QuestionKey,
    Resolution,
    Resolver,
    Standing,
    given_value,
    merged,
)
from yiwang.kernel.actor import system
from yiwang.kernel.dates import BEIJING
from yiwang.kernel.errors import Invalid

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
CONTEXT = Context(system("受理"), NOW, case="case-1")
ALL_WAYS = frozenset(ProviderKind)
LICENCE = Question(
    Asked.MATERIAL, "business-licence", "firm-1", ("food-permit",), "核验主体资格", "条例第三条"
)
AREA = Question(Asked.ELEMENT, "area", "firm-1", ("food-permit",), "判断是否需要消防检查", "条例第四条")


def valid(kind: ProviderKind, evidence: str = "lic-9") -> Answer:
    """An answer of this kind to which there is no objection."""
    standing = Standing.VALID
    if kind in (ProviderKind.EARLIER_STEP, ProviderKind.DEFERRED):
        standing = Standing.PROMISED
    return Answer(
        kind,
        standing,
        value=Decimal(250),
        source="市市场监督管理局",
        basis="办法第五条",
        obtained_at=NOW,
        evidence=evidence,
    )


@dataclass
class Place:
    """A provider that gives fixed answers and remembers what it was asked."""

    kind: ProviderKind
    answers: Mapping[QuestionKey, Answer] = field(default_factory=dict)
    name: str = "某处"
    order: int = 0
    asked: list[QuestionKey] = field(default_factory=list)

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        self.asked += [each.key for each in questions]
        return self.answers


class Broken:
    """A provider whose partner is out of reach."""

    kind = ProviderKind.E_LICENCE
    name = "证照库"
    order = 0

    def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
        raise TimeoutError("410101199001011234 not found")


def resolve(question: Question, *providers: Provider, context: Context = CONTEXT) -> Resolution:
    return Resolver(providers, lambda look: None).resolve([question], context)[question.key]


def test_the_places_are_asked_in_the_fixed_order_whatever_order_they_are_given_in() -> None:
    question = replace(LICENCE, ways=ALL_WAYS)
    asked: list[str] = []

    @dataclass
    class Heard(Place):
        def answer(self, questions: Sequence[Question], context: Context) -> Mapping[QuestionKey, Answer]:
            asked.append(self.kind.value)
            return {}

    resolve(question, *[Heard(kind) for kind in reversed(ProviderKind)])
    assert asked == [
        "e_licence",
        "shared_data",
        "e_material",
        "earlier_step",
        "commitment",
        "deferred",
        "applicant",
    ]


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_who_comes_first_answers_and_nobody_later_is_asked(kind: ProviderKind) -> None:
    question = replace(LICENCE, ways=ALL_WAYS)
    places = [Place(each, {question.key: valid(each)}) for each in ProviderKind if each.rank >= kind.rank]
    assert resolve(question, *reversed(places)).kind is kind
    assert all(not place.asked for place in places[1:])


def test_two_places_of_one_kind_go_by_their_own_order() -> None:
    late = Place(ProviderKind.E_LICENCE, {LICENCE.key: valid(ProviderKind.E_LICENCE, "late")}, order=2)
    early = Place(ProviderKind.E_LICENCE, {LICENCE.key: valid(ProviderKind.E_LICENCE, "early")}, order=1)
    answer = resolve(LICENCE, late, early).answer
    assert answer is not None
    assert answer.evidence == "early"


BAD = {
    "expired yesterday": ({"valid_until": date(2026, 3, 1)}, "已过有效期"),
    "begins tomorrow": ({"valid_from": date(2026, 3, 3)}, "尚未生效"),
    "revoked": ({"standing": Standing.REVOKED}, "已撤销或注销"),
    "suspended": ({"standing": Standing.SUSPENDED}, "已暂停使用"),
    "expired by status": ({"standing": Standing.EXPIRED}, "已过有效期"),
    "unknown standing": ({"standing": Standing.UNKNOWN}, "无法确认是否有效"),
    "promised only": ({"standing": Standing.PROMISED}, "来源没有给出现成的证据"),
    "a standing nobody knows": ({"standing": "fine"}, "无法确认是否有效"),
    "no evidence": ({"evidence": " "}, "没有证据编号"),
    "no source": ({"source": ""}, "没有写明来源"),
    "neither basis nor consent": ({"basis": "", "consent": ""}, "没有法律依据，也没有本人同意"),
    "never obtained": ({"obtained_at": None}, "没有取得时间"),
    "from the future": ({"obtained_at": NOW + timedelta(seconds=1)}, "取得时间不可信"),
    "time without zone": ({"obtained_at": datetime(2026, 3, 1)}, "取得时间不可信"),  # noqa: DTZ001
    "says to be another kind": ({"kind": ProviderKind.SHARED_DATA}, "答复的类型与来源不符"),
    "nonsense for a date": ({"valid_until": "2099-01-01"}, "答复的格式不对"),
}


@pytest.mark.parametrize("case", BAD)
def test_doubtful_evidence_never_counts(case: str) -> None:
    change, reason = BAD[case]
    answer = replace(valid(ProviderKind.E_LICENCE), **change)  # type: ignore[arg-type]
    looks: list[Look] = []
    places = [Place(ProviderKind.E_LICENCE, {LICENCE.key: answer})]
    resolution = Resolver(places, looks.append).resolve([LICENCE], CONTEXT)[LICENCE.key]
    assert resolution.answer is None
    assert resolution.asks_applicant
    assert [each.reason for each in resolution.refused] == [reason]
    assert [look.outcome for look in looks] == [LookOutcome.REFUSED]


def test_a_licence_is_valid_on_its_last_day_in_china() -> None:
    answer = replace(valid(ProviderKind.E_LICENCE), valid_until=date(2026, 3, 2))
    place = Place(ProviderKind.E_LICENCE, {LICENCE.key: answer})
    assert resolve(LICENCE, place).in_hand
    late_evening_utc = datetime.fromisoformat("2026-03-02T16:30:00+00:00")  # already 3 March in China
    assert not resolve(LICENCE, place, context=Context(system("受理"), late_evening_utc)).in_hand


def test_an_element_without_value_is_no_answer() -> None:
    empty = replace(valid(ProviderKind.SHARED_DATA), value=None)
    resolution = resolve(AREA, Place(ProviderKind.SHARED_DATA, {AREA.key: empty}))
    assert [each.reason for each in resolution.refused] == ["没有给出值"]


def test_a_false_is_a_value() -> None:
    answer = replace(valid(ProviderKind.SHARED_DATA), value=False)
    assert resolve(AREA, Place(ProviderKind.SHARED_DATA, {AREA.key: answer})).in_hand


def test_the_next_place_is_asked_after_a_refusal() -> None:
    expired = replace(valid(ProviderKind.E_LICENCE), valid_until=date(2025, 1, 1))
    resolution = resolve(
        LICENCE,
        Place(ProviderKind.E_LICENCE, {LICENCE.key: expired}),
        Place(ProviderKind.E_MATERIAL, {LICENCE.key: valid(ProviderKind.E_MATERIAL)}),
    )
    assert resolution.kind is ProviderKind.E_MATERIAL
    assert len(resolution.refused) == 1


def test_a_raising_place_is_skipped_and_logged_without_what_it_said() -> None:
    looks: list[Look] = []
    places: list[Provider] = [
        Broken(),
        Place(ProviderKind.E_MATERIAL, {LICENCE.key: valid(ProviderKind.E_MATERIAL)}),
    ]
    resolution = Resolver(places, looks.append).resolve([LICENCE], CONTEXT)[LICENCE.key]
    assert resolution.kind is ProviderKind.E_MATERIAL
    assert [look.outcome for look in looks] == [LookOutcome.FAILED, LookOutcome.FOUND]
    assert looks[0].reason == "来源暂时不可用（TimeoutError）"
    assert "4101" not in repr(looks)


@pytest.mark.parametrize("nonsense", [None, [], {LICENCE.key: "yes"}, {LICENCE.key: True}])
def test_a_place_that_answers_nonsense_counts_as_failed(nonsense: object) -> None:
    looks: list[Look] = []
    place = Place(ProviderKind.E_LICENCE, nonsense)  # type: ignore[arg-type]
    resolution = Resolver([place], looks.append).resolve([LICENCE], CONTEXT)[LICENCE.key]
    assert resolution.asks_applicant
    assert [look.outcome for look in looks] == [LookOutcome.FAILED]


def test_each_look_says_who_why_by_which_law_and_for_which_case() -> None:
    looks: list[Look] = []
    Resolver([Place(ProviderKind.E_LICENCE)], looks.append).resolve([LICENCE], CONTEXT)
    (look,) = looks
    assert (look.purpose, look.basis) == ("核验主体资格", "条例第三条")
    assert (look.actor, look.case, look.at) == ("system:受理", "case-1", NOW)
    assert look.items == ("food-permit",)


def test_only_places_with_kept_data_are_looked_into() -> None:
    question = replace(LICENCE, ways=ALL_WAYS)
    looks: list[Look] = []
    Resolver([Place(kind) for kind in ProviderKind], looks.append).resolve([question], CONTEXT)
    assert [look.kind.value for look in looks] == ["e_licence", "shared_data", "e_material"]


def test_further_places_join_in_their_turn_and_keep_the_log() -> None:
    looks: list[Look] = []
    offer = Place(ProviderKind.COMMITMENT, {LICENCE.key: valid(ProviderKind.COMMITMENT)})
    first = Resolver([offer], looks.append)
    held = Place(ProviderKind.E_LICENCE, {LICENCE.key: valid(ProviderKind.E_LICENCE)})
    question = replace(LICENCE, ways=ALL_WAYS)
    assert first.with_providers([held]).resolve([question], CONTEXT)[question.key].kind is held.kind
    assert [look.kind for look in looks] == [held.kind]
    assert first.resolve([question], CONTEXT)[question.key].kind is offer.kind, (
        "the first one stays as it was"
    )


def test_what_cannot_be_logged_is_not_used() -> None:
    def refuses(look: Look) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Resolver([Place(ProviderKind.E_LICENCE)], refuses).resolve([LICENCE], CONTEXT)


@pytest.mark.parametrize("part", ["id", "subject", "purpose", "basis"])
def test_nobody_looks_without_thing_subject_purpose_and_basis(part: str) -> None:
    with pytest.raises(Invalid):
        replace(LICENCE, **{part: " "})  # type: ignore[arg-type]


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(Invalid):
        Context(system("受理"), datetime(2026, 3, 2))  # noqa: DTZ001


def test_the_same_question_of_two_items_is_asked_once_and_under_the_stricter_rule() -> None:
    strict = replace(LICENCE, items=("sign-permit",), purpose="核验招牌主体", basis="办法第二条")
    (one,) = merged([replace(LICENCE, ways=ALL_WAYS), strict])
    assert one.items == ("food-permit", "sign-permit")
    assert one.purpose == "核验主体资格；核验招牌主体"
    assert one.ways == strict.ways


def test_commitment_and_deferral_need_the_items_leave() -> None:
    offer = {LICENCE.key: Offer("承诺已取得营业执照", "告知承诺制清单第3项")}
    for kind in (ProviderKind.COMMITMENT, ProviderKind.DEFERRED):
        provider = OfferProvider(kind, offer)
        assert resolve(LICENCE, provider).asks_applicant
        allowed = resolve(replace(LICENCE, ways=ALL_WAYS), provider)
        assert (allowed.kind, allowed.in_hand) == (kind, False)


def test_only_commitments_and_deferrals_can_be_offered() -> None:
    with pytest.raises(Invalid):
        OfferProvider(ProviderKind.E_LICENCE, {})


def test_an_earlier_item_promises_its_output_to_others_but_not_to_itself() -> None:
    provider = EarlierStepProvider({LICENCE.key: ("registration", "other-item")})
    promised = resolve(LICENCE, provider)
    assert promised.kind is ProviderKind.EARLIER_STEP
    assert promised.answer is not None
    assert promised.answer.evidence == "registration"
    itself = replace(LICENCE, items=("registration", "other-item"))
    assert resolve(itself, provider).asks_applicant
    assert resolve(replace(LICENCE, subject="firm-2"), provider).asks_applicant


def test_a_promise_to_produce_is_not_evidence_in_hand() -> None:
    claimed = replace(valid(ProviderKind.EARLIER_STEP), standing=Standing.VALID)
    place = Place(ProviderKind.EARLIER_STEP, {LICENCE.key: claimed})
    assert [each.reason for each in resolve(LICENCE, place).refused] == ["尚未产生，不能当作已有"]


def test_a_held_licence_answers_for_itself_and_for_what_it_states() -> None:
    ground = Ground("电子证照库", NOW, basis="证照管理办法")
    held = HeldLicence("firm-1", "business-licence", "lic-1", date(2030, 1, 1), {"area": Decimal(250)})
    old = replace(held, number="lic-0", valid_until=date(2020, 1, 1), fields={"area": Decimal(90)})
    gone = replace(held, number="lic-2", valid_until=None, standing=Standing.REVOKED)
    provider = FactsProvider.licences([held, old, gone], ground)
    found = Resolver([provider], lambda look: None).resolve([LICENCE, AREA], CONTEXT)
    licence, area = found[LICENCE.key].answer, found[AREA.key].answer
    assert licence is not None
    assert licence.evidence == "lic-1"
    assert area is not None
    assert area.value == Decimal(250)


def test_an_expired_licence_does_not_even_tell_its_fields() -> None:
    held = HeldLicence("firm-1", "business-licence", "lic-0", date(2020, 1, 1), {"area": Decimal(90)})
    provider = FactsProvider.licences([held], Ground("电子证照库", NOW, basis="证照管理办法"))
    found = Resolver([provider], lambda look: None).resolve([LICENCE, AREA], CONTEXT)
    assert [each.asks_applicant for each in found.values()] == [True, True]


def test_known_elements_need_a_ground() -> None:
    values = {"area": Decimal(250)}
    good = FactsProvider.elements("firm-1", values, Ground("不动产登记", NOW, basis="共享清单第7项"))
    bad = FactsProvider.elements("firm-1", values, Ground("不动产登记", NOW))
    assert resolve(AREA, good).in_hand
    assert resolve(AREA, bad).asks_applicant


def test_the_applicant_is_asked_for_the_rest_and_only_for_the_rest() -> None:
    applicant = ApplicantProvider({AREA.key: given_value(Decimal(80), NOW)})
    found = Resolver([applicant], lambda look: None).resolve([LICENCE, AREA], CONTEXT)
    assert (found[AREA.key].in_hand, found[AREA.key].asks_applicant) == (True, False)
    assert (found[LICENCE.key].in_hand, found[LICENCE.key].asks_applicant) == (False, True)


def test_an_unknown_kind_of_place_is_refused_at_once() -> None:
    with pytest.raises(Invalid):
        Resolver([Place("crystal_ball")], lambda look: None)  # type: ignore[arg-type]
