# SPDX-License-Identifier: Apache-2.0
"""What holds for every plan, tried on thousands of random bundles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from yiwang.engines.evidence import Answer, Asked, FactsProvider, ProviderKind, Standing
from yiwang.engines.planning import (
    AnswerSource,
    BoundItems,
    CycleFound,
    Facts,
    Plan,
    Supply,
    plan,
)
from yiwang.engines.planning.inquiry import from_facts
from yiwang.kernel.errors import Invalid, YiwangError

from .bundles import Bundle, make_bundle
from .town import CALENDAR

_HELD = {Supply.E_LICENCE, Supply.SHARED_DATA, Supply.E_MATERIAL, Supply.GENERATED}
_seeds = st.integers(min_value=0, max_value=2**32)
_sizes = st.integers(min_value=1, max_value=7)


def _make(bundle: Bundle, facts: Facts, choice: list[str] | None = None) -> Plan:
    return plan(
        bundle.catalogue,
        "whole",
        bundle.answers,
        start=bundle.start,
        calendar=CALENDAR,
        facts=facts,
        choice=choice,
    )


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(_seeds)
def test_every_plan_keeps_its_promises(ten: int) -> None:
    """5,000 bundles, ten at a time: to draw a number costs nearly as much as to plan."""
    for seed in range(10 * ten, 10 * ten + 10):
        size = 1 + seed % 7
        note(f"bundle {seed} of {size}")
        _check_promises(seed, size)


def _check_promises(seed: int, size: int) -> None:
    bundle = make_bundle(seed, size)
    try:
        made = _make(bundle, bundle.facts)
    except CycleFound as error:
        _check_cycle(bundle, error)
        return
    except Invalid:
        return  # nothing of this life event applies
    if seed % 4 == 0:  # more than a thousand of them
        again = make_bundle(seed, size)
        assert made == _make(again, again.facts), "the same inputs give the same plan"
    _check_order(bundle, made)
    _check_once(made)
    _check_visits(made)
    assert made.timetable.planned <= made.timetable.serial
    _check_more_facts(made, _make(bundle, bundle.more_facts))
    _check_choice(bundle)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(_seeds, _sizes)
def test_more_kept_documents_never_mean_more_to_submit(seed: int, size: int) -> None:
    bundle = make_bundle(seed, size)
    try:
        nothing_kept = _kept(bundle, ())
    except (Invalid, CycleFound):
        return
    ids = sorted(line.material for line in nothing_kept.materials.lines)
    kept = Random(seed).sample(ids, len(ids))
    some, all_kept = _kept(bundle, kept[: len(kept) // 2]), _kept(bundle, kept)
    _check_more_facts(nothing_kept, some)
    _check_more_facts(some, all_kept)
    _check_order(bundle, some)
    handed_in = [line for line in all_kept.materials.lines if line.resolution is Supply.APPLICANT]
    assert all(line.paper_original for line in handed_in)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(_seeds, _sizes)
def test_more_shared_data_never_means_more_to_submit(seed: int, size: int) -> None:
    bundle = make_bundle(seed, size)
    try:
        without = _kept(bundle, ())
    except (Invalid, CycleFound):
        return
    materials = [(Asked.MATERIAL, line.material) for line in without.materials.lines]
    known = [*materials, *((Asked.ELEMENT, one.element) for one in without.form.fields)]
    shuffled = Random(seed).sample(known, len(known))
    half = _shared(bundle, shuffled[: len(known) // 2])
    everything = _shared(bundle, shuffled)
    _check_more_facts(without, half)
    _check_more_facts(half, everything)
    _check_order(bundle, half)
    assert not [one for one in everything.materials.lines if one.resolution.submitted]
    assert not [one for one in everything.form.fields if one.source is AnswerSource.APPLICANT]


def _shared(bundle: Bundle, known: Iterable[tuple[Asked, str]]) -> Plan:
    """The plan of somebody of whom departments share these values and documents."""
    return _answered(bundle, ProviderKind.SHARED_DATA, known)


def _kept(bundle: Bundle, materials: Iterable[str]) -> Plan:
    """The plan of somebody of whom these documents are kept from earlier cases."""
    return _answered(bundle, ProviderKind.E_MATERIAL, [(Asked.MATERIAL, one) for one in materials])


def _answered(bundle: Bundle, kind: ProviderKind, asked: Iterable[tuple[Asked, str]]) -> Plan:
    """The plan when one more place answers these questions."""
    known = from_facts(bundle.catalogue, bundle.facts, bundle.start)
    said = {}
    for way, id_ in asked:
        materials, elements = bundle.catalogue.materials, bundle.catalogue.elements
        key = known.key(way, materials[id_] if way is Asked.MATERIAL else elements[id_])
        answer = Answer(
            kind,
            Standing.VALID,
            value="某值" if way is Asked.ELEMENT else None,
            source="以前的申请",
            basis="某规定",
            obtained_at=known.context.at,
            evidence=f"em_{id_}",
        )
        said[key] = (("", answer),)
    kept = FactsProvider(kind, said, kind.term)
    return plan(
        bundle.catalogue,
        "whole",
        bundle.answers,
        start=bundle.start,
        calendar=CALENDAR,
        facts=bundle.facts,
        resolver=replace(known, resolver=known.resolver.with_providers([kept])),
    )


def _check_order(bundle: Bundle, made: Plan) -> None:
    """No item begins before its inputs exist."""
    stage = {code: number for number, one in enumerate(made.stages) for code in one.items}
    window = {one.item: one for one in made.timetable.windows}
    assert sorted(stage) == sorted(one.id for one in made.included)
    items = bundle.catalogue.items
    waits = [
        (maker, asker)
        for line in made.materials.lines
        if line.resolution not in _HELD
        for asker in line.required_by
        for maker in stage
        if any(one.material == line.material and one.when is None for one in items[maker].outputs)
    ]
    waits += [(before, code) for code in stage for before in items[code].after if before in stage]
    for before, after in waits:
        assert stage[before] < stage[after]
        assert window[before].ends <= window[after].starts
    for field in made.form.fields:
        if field.source is AnswerSource.EARLIER_STEP:
            for asker in field.asked_by:
                assert any(
                    field.element in _printed(bundle, maker) and stage[maker] < stage[asker]
                    for maker in stage
                )
    for line in made.materials.lines:
        if line.resolution is Supply.EARLIER_STEP:
            assert line.produced_by


def _printed(bundle: Bundle, maker: str) -> set[str]:
    outputs = bundle.catalogue.items[maker].outputs
    return {field.element for one in outputs for field in bundle.catalogue.materials[one.material].fields}


def _check_once(made: Plan) -> None:
    """No question and no document twice."""
    asked = [field.element for field in made.form.fields if field.source is AnswerSource.APPLICANT]
    asked += [question.element for question in made.questions]
    assert max(Counter(asked).values(), default=1) == 1
    assert max(Counter(field.element for field in made.form.fields).values(), default=1) == 1
    assert max(Counter(line.material for line in made.materials.lines).values(), default=1) == 1
    guiding = {field.element for field in made.form.fields if field.source is AnswerSource.GUIDING}
    assert guiding <= {question.element for question in made.questions}


def _check_visits(made: Plan) -> None:
    """Joint visits join only items of which neither waits for the other."""
    waits: dict[str, set[str]] = {one.id: set() for one in made.included}
    for edge in made.edges:
        waits[edge.after].add(edge.before)
    for visit in made.visits:
        assert len(visit.items) > 1
        assert visit.first_day <= visit.last_day
        for one in visit.items:
            assert not _all_before(waits, one) & set(visit.items)


def _all_before(waits: dict[str, set[str]], item: str) -> set[str]:
    found: set[str] = set()
    todo = [item]
    while todo:
        for before in waits[todo.pop()] - found:
            found.add(before)
            todo.append(before)
    return found


def _check_more_facts(less: Plan, more: Plan) -> None:
    """More known facts never mean more to answer, to submit or to do."""
    assert _asked(more) <= _asked(less)
    assert _submitted(more) <= _submitted(less)
    assert [one.id for one in more.included] == [one.id for one in less.included]
    assert more.form.savings.given <= less.form.savings.given
    assert more.materials.savings.given <= less.materials.savings.given


def _asked(made: Plan) -> set[str]:
    fields = {field.element for field in made.form.fields if field.source.asked}
    return fields | {question.element for question in made.questions}


def _submitted(made: Plan) -> set[str]:
    return {line.material for line in made.materials.lines if line.resolution.submitted}


def _check_choice(bundle: Bundle) -> None:
    """What the law binds together is taken together or not at all."""
    members = bundle.catalogue.life_events["whole"].items
    bonds = [{member.item, *member.bound_with} for member in members if member.bound_with]
    made = _chosen(bundle)
    if isinstance(made, BoundItems):
        assert any(bond & set(made.missing) for bond in bonds)
        assert "《测试法》第一条" in str(made)
    if not isinstance(made, Plan):
        return
    taken = {one.id for one in made.included}
    assert taken <= set(bundle.choice)
    out = {one.id for one in made.items if "不适用" in one.reason or not one.included}
    for bond in bonds:
        if bond & taken:
            assert all(_does_not_apply(made, one) for one in bond & out - taken)


def _chosen(bundle: Bundle) -> Plan | YiwangError:
    try:
        return _make(bundle, bundle.facts, bundle.choice)
    except (Invalid, CycleFound) as error:
        return error


def _does_not_apply(made: Plan, code: str) -> bool:
    reason = next(one.reason for one in made.items if one.id == code)
    return not reason.startswith(("您没有选", "可选服务"))


def _check_cycle(bundle: Bundle, error: CycleFound) -> None:
    """Every named member waits for itself through the definitions, and is named in words."""
    items = bundle.catalogue.items
    makers: dict[str, set[str]] = {}
    for code, one in items.items():
        for output in one.outputs:
            makers.setdefault(output.material, set()).add(code)
    waits = {
        code: {maker for use in one.materials for maker in makers.get(use.material, ())} | set(one.after)
        for code, one in items.items()
    }
    assert error.members
    for member in _flat(error.members):
        assert member in _all_before(waits, member)
    for group in error.members:
        assert items[group[0]].name in str(error)


def _flat(groups: Iterable[tuple[str, ...]]) -> list[str]:
    return [member for group in groups for member in group]
