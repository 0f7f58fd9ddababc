# SPDX-License-Identifier: Apache-2.0
"""A name is a label for people: nothing in it acts."""

from __future__ import annotations

import pytest

from yiwang.apps.materials.domain.names import safe_name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("营业执照.exe", "营业执照.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\用户\\我\\合同.PDF", "合同.pdf"),
        ("合同\u202efdp.exe", "合同fdp.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie x.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("  . .pdf", "文件.pdf"),
        ("", "文件.pdf"),
        ("平面图 第2.0版本说明书", "平面图 第2.0版本说明书.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
    ],
)
def test_a_name_keeps_its_words_and_nothing_else(given: str, shown: str) -> None:
    assert safe_name(given, "pdf") == shown


def test_a_long_name_is_cut_and_keeps_its_kind() -> None:
    name = safe_name("长" * 500 + ".jpeg", "jpg")
    assert len(name) <= 104
    assert name.endswith("长.jpg")
