# SPDX-License-Identifier: Apache-2.0
"""The parts of the machine that other tests lean on do what those tests take for granted."""

import os

import psycopg
import pytest
from playwright.sync_api import Browser

INK = """(word) => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "48px sans-serif";
    pen.fillText(word, 10, 60);
    return canvas.toDataURL();
}"""


@pytest.mark.postgres
def test_postgres_keeps_chinese_and_compares_by_code_point(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TEMP TABLE word (text text)")
        connection.execute("INSERT INTO word VALUES ('驻马店'), ('一网')")
        rows = connection.execute("SELECT text FROM word ORDER BY text").fetchall()
    assert [row[0] for row in rows] == sorted(["驻马店", "一网"])


@pytest.mark.storage
@pytest.mark.skipif("YIWANG_DATABASE_URL" not in os.environ, reason="the run on SQLite")
def test_the_named_server_answers() -> None:
    with psycopg.connect(os.environ["YIWANG_DATABASE_URL"]) as connection:
        assert connection.info.server_version >= 130000


@pytest.mark.browser
def test_chromium_draws_chinese_glyphs(browser: Browser) -> None:
    page = browser.new_page()
    drawn = [page.evaluate(INK, word) for word in ("驻", "马", "店", "𠮷")]
    page.close()
    assert len(set(drawn)) == len(drawn), "glyphs look alike: the Chinese font is missing"
