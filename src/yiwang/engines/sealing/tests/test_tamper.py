# SPDX-License-Identifier: Apache-2.0
"""Whatever is changed in a seal or a seal signature, it is refused, at the step that a reader expects."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yiwang.engines.sealing import (
    der,
)
from yiwang.engines.sealing.tests.craft import Node, Path, flip, length_octets, put
from yiwang.engines.sealing.tests.samples import NOW
from yiwang.engines.sealing.tests.steps import (
    ALGORITHM,
    FORM,
    LISTED,
    MAKER_CHAIN,
    PICTURE,
    SEAL,
    SEAL_ALGORITHM,
    SEAL_FORM,
    SEAL_VALUE,
    SIGNATURE,
    VALUE,
    of_seal,
    of_signature,
    refused_at,
)


def test_the_untouched_pass() -> None:
    assert of_seal(SEAL).ok
    assert of_signature(SIGNATURE).ok


# --- one field changed, nothing signed again ------------------------------------------------------

SEAL_FIELDS: dict[Path, str] = {
    (0, 0, 0): SEAL_FORM,  # ID
    (0, 0, 1): SEAL_FORM,  # version
    (0, 0, 2): SEAL_VALUE,  # vendor
    (0, 1): SEAL_VALUE,  # seal id
    (0, 2, 0): SEAL_VALUE,  # type
    (0, 2, 1): SEAL_VALUE,  # name
    (0, 2, 2): SEAL_FORM,  # list type
    (0, 2, 3, 0): SEAL_VALUE,  # holder's certificate
    (0, 2, 4): SEAL_FORM,  # made at: the flipped bit is in the Z
    (0, 2, 5): SEAL_FORM,
    (0, 2, 6): SEAL_FORM,
    (0, 3, 0): PICTURE,  # kind of picture
    (0, 3, 1): SEAL_VALUE,  # picture
    (0, 3, 2): SEAL_VALUE,  # width
    (0, 3, 3): SEAL_VALUE,  # height
    (1,): MAKER_CHAIN,  # maker's certificate: its issuer's signature
    (2,): SEAL_ALGORITHM,
    (3,): SEAL_VALUE,
}
SIGNATURE_FIELDS: dict[Path, str] = {
    (0, 0): FORM,  # version
    **{(0, 1, *path): FORM if step == SEAL_FORM else step for path, step in SEAL_FIELDS.items()},
    (0, 2): FORM,  # time: the Z
    (0, 3): VALUE,  # digest
    (0, 4): VALUE,  # property
    (1,): LISTED,  # signer's certificate
    (2,): ALGORITHM,
    (3,): VALUE,
}


def test_the_tables_name_every_field() -> None:
    assert set(SEAL_FIELDS) == set(Node.read(SEAL).paths())
    assert set(SIGNATURE_FIELDS) == set(Node.read(SIGNATURE).paths())


@pytest.mark.parametrize("path", SEAL_FIELDS, ids=str)
def test_each_field_of_a_seal(path: Path) -> None:
    changed = put(SEAL, path, flip(Node.read(SEAL).at(*path).content))
    refused_at(of_seal(changed), SEAL_FIELDS[path])


@pytest.mark.parametrize("path", SIGNATURE_FIELDS, ids=str)
def test_each_field_of_a_signature(path: Path) -> None:
    changed = put(SIGNATURE, path, flip(Node.read(SIGNATURE).at(*path).content))
    refused_at(of_signature(changed), SIGNATURE_FIELDS[path])


@pytest.mark.parametrize("field", [4, 5, 6], ids=["made", "from", "to"])
def test_a_date_written_anew_is_not_what_the_maker_signed(field: int) -> None:
    changed = put(SEAL, (0, 2, field), f"{NOW:%Y%m%d%H%M%S}Z".encode())
    refused_at(of_seal(changed), SEAL_VALUE)


# --- every byte, every length, every end ----------------------------------------------------------


def test_every_byte_counts() -> None:
    for at in range(len(SIGNATURE)):
        changed = SIGNATURE[:at] + bytes((SIGNATURE[at] ^ 1,)) + SIGNATURE[at + 1 :]
        assert not of_signature(changed).ok, at


def test_every_end_that_comes_early_is_a_matter_of_form() -> None:
    for end in range(len(SIGNATURE)):
        refused_at(of_signature(SIGNATURE[:end]), FORM)


@pytest.mark.parametrize("value", ["+1", "-1", "0", "0x80", "0x84", "0xff"])
def test_every_length_octet(value: str) -> None:
    for at in length_octets(SIGNATURE):
        old = SIGNATURE[at]
        new = (old + int(value)) % 256 if value[0] in "+-" else int(value, 0)
        if new != old:
            report = of_signature(SIGNATURE[:at] + bytes((new,)) + SIGNATURE[at + 1 :])
            assert report.failed, at
            assert report.failed.name in {FORM, SEAL_FORM}, (at, report.failed)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\x00",
        lambda data: data + data,
        lambda data: b"\x30\x80" + data[4:] + b"\x00\x00",
        lambda data: b"\x30\x83\x00" + data[2:],
        lambda data: b"\x31" + data[1:],
        lambda data: b"-----BEGIN SEAL-----" + data,
        lambda data: b"",
    ],
    ids=["tail", "twice", "indefinite", "long length", "set", "text", "nothing"],
)
def test_another_writing_is_refused(change: Callable[[bytes], bytes]) -> None:
    refused_at(of_signature(change(SIGNATURE)), FORM)
    refused_at(of_seal(change(SEAL)), SEAL_FORM)


def test_deep_nesting_is_refused() -> None:
    deep = b""
    for _ in range(5_000):
        deep = der.sequence(deep)
    refused_at(of_signature(deep), FORM)
    refused_at(of_seal(put(SEAL, (1,), deep)), SEAL_FORM)


@pytest.mark.parametrize("path", [(), (0,), (0, 2), (0, 1, 0, 2)], ids=str)
def test_a_field_too_many_is_refused(path: Path) -> None:
    tree = Node.read(SIGNATURE)
    target = tree.at(*path)
    (target if target.inner else tree).inner.append(Node(0x05))
    refused_at(of_signature(tree.write()), FORM)
