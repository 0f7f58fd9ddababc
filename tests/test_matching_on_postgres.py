# SPDX-License-Identifier: Apache-2.0
"""`yiwang benefits match` on PostgreSQL says what it says in the process, of a file and of a table."""

from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yiwang.conf.matching import Summary, match_all
from yiwang.conf.populations import Source
from yiwang.engines import house
from yiwang.engines.benefits import Policy
from yiwang.kernel.dates import parse_date
from yiwang.kernel.errors import Invalid

POLICY, FACT = "logistics-5a-firm", "是否新晋5A级物流企业"


def counted(summary: Summary) -> list[tuple[str, int, int, int]]:
    return [(policy.id, fits, still_open, fen) for policy, fits, still_open, fen in summary.rows]


def test_a_file_and_a_table_of_postgres_are_matched_as_in_the_process(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIWANG_DATABASE_URL", postgres_url)
    data, to = tmp_path / "firms.parquet", tmp_path / "matched.parquet"
    pq.write_table(pa.table({"id": ["甲", "乙", "丙"], FACT: [True, False, None]}), data)
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f'CREATE TABLE firms (id text, "{FACT}" boolean)')
        server.execute("INSERT INTO firms VALUES ('甲', true), ('乙', false), ('丙', NULL)")
    catalogue, day = house.load(), parse_date("2023-05-04")
    policies = [
        one for one in catalogue.others["policies"].values() if isinstance(one, Policy) and one.id == POLICY
    ]
    asked = (Source(str(data)), Source(str(data), "postgres"), Source("firms", "postgres"))
    said = [counted(match_all(catalogue, policies, one, on=day, to=to)) for one in asked]
    assert said == [[(POLICY, 1, 1, 50_000_000)]] * 3
    assert pq.read_table(to).num_rows == 3
    with pytest.raises(Invalid, match="nobody"):
        match_all(catalogue, policies, Source("nobody", "postgres"), on=day)
    with pytest.raises(Invalid, match="没有编号列“number”"):
        match_all(catalogue, policies, Source("firms", "postgres", "number"), on=day)
