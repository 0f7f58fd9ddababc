# SPDX-License-Identifier: Apache-2.0
"""Policies against two engines of others, on the same rules and firms: zen-engine, which decides one firm
after the other, and OpenFisca-Core, which computes arrays of binary floats (float32).

Run it with `scripts/with-extra peers -m benchmarks peers`; neither is needed by the house.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from . import benefits
from .measure import Line, Timing, in_turns

ONE_BY_ONE = 5_000
TARGET_ZEN, TARGET_FISCA = 1 / 1000, 1.0
_ZEN = {
    "gap": "hub in ['国家物流枢纽', '区域物流枢纽', '省级以上骨干冷链物流基地'] and repair"
    " and invest > 50000000 ? min([invest * 0.3, 5000000]) : 0",
    "hq": "from in ['全国物流50强', '货运代理物流100强'] ? 2000000 : 0",
    "park": "newpark ? 3000000 : 0",
    "five": "newfive ? 500000 : 0",
    "charging": "station and (power >= 600 or piles >= 20) ? round(equipment * 0.3 * 100) / 100 : 0",
}
_NAMES = {
    **{"hub": "所在物流枢纽", "repair": "是否物流补短板项目", "invest": "物流项目总投资额"},
    **{"from": "区域总部来自何种物流企业", "newpark": "是否新晋国家级示范物流园区"},
    **{"newfive": "是否新晋5A级物流企业", "station": "是否物流园区新建新能源货车充电站"},
    **{"power": "充电总功率", "piles": "集中充电桩数", "equipment": "充电主要设备投资额"},
}
_CHARGING = "logistics-charging-station"


def run() -> list[Line]:
    """A million firms through ours and theirs."""
    import ibis

    from yiwang.engines import house

    catalogue, engine = house.load(), ibis.duckdb.connect()
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as folder:
        data = Path(folder) / "firms.parquet"
        engine.raw_sql(benefits._FIRMS.format(rows=benefits.FIRMS, file=data))
        return [_zen(catalogue, engine, data, Path(folder)), _fisca(catalogue, engine, data)]


def _query(catalogue: Any, table: Any, names: tuple[str, ...]) -> Any:
    from yiwang.engines.benefits.population import columns_of, match

    policies = [catalogue.others["policies"][key] for key in names]
    return match(policies, table, columns_of(catalogue), on=benefits.DAY).query


def _zen(catalogue: Any, engine: Any, data: Path, folder: Path) -> Line:
    """Five policies: seconds for one firm, ours among a million, theirs one by one; both compiled before."""
    import zen

    query = engine.compile(_query(catalogue, engine.read_parquet(data), benefits.PROGRAMME))
    ours = f"COPY ({query}) TO '{folder / 'ours.parquet'}' (FORMAT parquet)"
    times = []
    for _ in range(benefits.ROUNDS):
        start = time.perf_counter()
        engine.raw_sql(ours)
        times.append((time.perf_counter() - start) / benefits.FIRMS)
    firms = engine.read_parquet(data).limit(ONE_BY_ONE).to_pyarrow().to_pylist()
    # it has one kind of number in a context, so the decimals go in as floats
    given = [{short: _plain(firm[name]) for short, name in _NAMES.items()} for firm in firms]
    given = [facts for facts in given if None not in facts.values()]  # it has no "not known"
    decision = zen.ZenEngine().create_decision(json.dumps(_graph()))
    theirs = []
    for facts in given:
        start = time.perf_counter()
        decision.evaluate(facts)
        theirs.append(time.perf_counter() - start)
    mine, peer = Timing.of(times), Timing.of(theirs)
    note = f"{1e3 / mine.median:,.0f} against {1e3 / peer.median:,.0f} firms a second; ours gives reasons too"
    return Line(
        "5 policies, one firm of a million",
        "zen-engine",
        mine,
        peer,
        mine.median / peer.median,
        TARGET_ZEN,
        note,
    )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool) else float(value)


def _graph() -> dict[str, Any]:
    rules = [{"id": key, "key": key, "value": text} for key, text in _ZEN.items()]
    place = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {
                "id": "x",
                "type": "expressionNode",
                "name": "x",
                "content": {"expressions": rules},
                "position": place,
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "x"},
            {"id": "b", "sourceId": "x", "targetId": "out"},
        ],
    }


def _fisca(catalogue: Any, engine: Any, data: Path) -> Line:
    """One policy over a million firms whose facts are in memory on both sides."""
    import numpy

    names = [_NAMES[short] for short in ("station", "power", "piles", "equipment")]
    engine.raw_sql(f"CREATE TABLE firms AS SELECT * FROM '{data}'")
    table = engine.table("firms")["id", *names]
    query = _query(catalogue, table, (_CHARGING,))
    facts = engine.to_pyarrow(table.order_by("id"))
    kinds = (bool, numpy.float32, numpy.float32, numpy.float32)
    arrays = {
        short: facts[name].to_numpy(zero_copy_only=False).astype(kind)
        for short, name, kind in zip(("station", "power", "piles", "equipment"), names, kinds, strict=True)
    }
    system, simulate = _system(arrays)
    found: dict[str, Any] = {}

    def ours() -> None:
        found["ours"] = engine.to_pyarrow(query)

    def theirs() -> None:
        found["theirs"] = simulate(system)

    mine, peer = in_turns(ours, theirs, rounds=benefits.ROUNDS)
    exact = found["ours"].sort_by("id")[f"{_CHARGING}.fen"].to_pandas()
    known = exact.notna().to_numpy()
    off = int((numpy.rint(found["theirs"][known].astype("float64") * 100) != exact[known].to_numpy()).sum())
    note = f"theirs are off by a fen or more for {off:,} of {int(known.sum()):,} firms; ours are exact"
    return Line(
        "1 policy over 1,000,000 firms",
        "OpenFisca-Core, float32",
        mine,
        peer,
        mine.median / peer.median,
        TARGET_FISCA,
        note,
    )


def _system(arrays: dict[str, Any]) -> tuple[Any, Any]:
    """The charging subsidy as an OpenFisca variable, and how to compute it anew."""
    import numpy
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    firm = entities.build_entity(key="firm", plural="firms", label="企业", is_person=True)

    def _input(name: str, kind: type) -> type:
        return type(
            name,
            (variables.Variable,),
            {"value_type": kind, "entity": firm, "definition_period": periods.DateUnit.DAY},
        )

    def formula(firms: Any, period: Any) -> Any:
        fits = firms("station", period) * ((firms("power", period) >= 600) + (firms("piles", period) >= 20))
        return fits * numpy.round(firms("equipment", period) * 0.3, 2)

    charging = type(
        "charging",
        (variables.Variable,),
        {"value_type": float, "entity": firm, "definition_period": periods.DateUnit.DAY, "formula": formula},
    )
    system = taxbenefitsystems.TaxBenefitSystem([firm])
    for variable in (
        _input("station", bool),
        *(_input(n, float) for n in ("power", "piles", "equipment")),
        charging,
    ):
        system.add_variable(variable)

    def simulate(made: Any) -> Any:
        simulation = simulations.SimulationBuilder().build_default_simulation(made, count=benefits.FIRMS)
        for name, values in arrays.items():
            simulation.set_input(name, str(benefits.DAY), values)
        return simulation.calculate("charging", str(benefits.DAY))

    return system, simulate
