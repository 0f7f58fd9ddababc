# SPDX-License-Identifier: Apache-2.0
"""What is rightly signed and says wrong things, or is signed by the wrong one, is refused at its step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yiwang.engines.sealing import (
    Picture,
    SealKind,
    der,
    generate,
    make_name,
    make_seal,
    names,
    sign_document,
    sm3,
)
from yiwang.engines.sealing.certificates import parse_certificate
from yiwang.engines.sealing.extensions import extension
from yiwang.engines.sealing.tests.craft import Node, Path, put
from yiwang.engines.sealing.tests.samples import DOCUMENT, END, NOW, START, World, png
from yiwang.engines.sealing.tests.steps import (
    ALGORITHM,
    DAY,
    DOCUMENT_STEP,
    FORM,
    LISTED,
    MAKER_CHAIN,
    MAKER_PERIOD,
    MAKER_USAGE,
    OWN,
    PICTURE,
    SEAL,
    SEAL_ALGORITHM,
    SEAL_FORM,
    SEAL_OWN,
    SEAL_PERIOD,
    SEAL_VALUE,
    SIGNATURE,
    SIGNER_CHAIN,
    SIGNER_PERIOD,
    SIGNER_USAGE,
    VALUE,
    W,
    of_seal,
    of_signature,
    refused_at,
)


def forged_seal(change: Callable[[Node], None]) -> bytes:
    """A seal whose information is changed and signed again by the real maker."""
    tree = Node.read(SEAL)
    change(tree.inner[0])
    tree.inner[3].content = b"\x00" + W.maker_key.sign(tree.inner[0].write())
    return tree.write()


def forged(change: Callable[[Node], None]) -> bytes:
    """A signature whose information is changed and signed again by the real holder."""
    tree = Node.read(SIGNATURE)
    change(tree.inner[0])
    tree.inner[3].content = b"\x00" + W.holder_key.sign(tree.inner[0].write())
    return tree.write()


def sealed_with(seal: bytes) -> bytes:
    """A signature by the real holder over any seal."""
    return forged(lambda info: info.inner.__setitem__(1, Node.read(seal)))


def setting(path: Path, content: bytes) -> Callable[[Node], None]:
    """A change of one leaf."""

    def change(node: Node) -> None:
        node.at(*path).content = content

    return change


def own(kind: str, critical: bool) -> Node:
    """A vendor's own data."""
    return Node.read(der.sequence(extension(kind, b"x", critical)))


FORGED_SEALS: dict[str, tuple[Callable[[Node], None], str]] = {
    "version 5": (setting((0, 1), b"\x05"), SEAL_FORM),
    "version -4": (setting((0, 1), b"\xfc"), SEAL_FORM),
    "other header": (setting((0, 0), b"EX"), SEAL_FORM),
    "no holders": (lambda info: info.at(2, 3).inner.clear(), SEAL_FORM),
    "list type 3": (setting((2, 2), b"\x03"), SEAL_FORM),
    "critical own data": (lambda info: info.inner.append(own("1.2.156.1", True)), SEAL_OWN),
    "own data twice": (
        lambda info: info.inner.append(Node(0x30, inner=own("1.2.3", False).inner * 2)),
        SEAL_FORM,
    ),
    "picture is not PNG": (setting((3, 1), b"GIF89a and more"), PICTURE),
    "picture of unknown kind": (setting((3, 0), b"EXE"), PICTURE),
    "no picture": (setting((3, 1), b""), PICTURE),
    "picture of 3 MB": (setting((3, 1), png() + bytes(3_000_000)), PICTURE),
    "picture of 9 MB": (setting((3, 1), png() + bytes(9_000_000)), SEAL_FORM),
    "picture a metre wide": (setting((3, 2), b"\x03\xe8"), PICTURE),
    "picture of no height": (setting((3, 3), b"\x00"), PICTURE),
    "ended yesterday": (setting((2, 6), f"{NOW - DAY:%Y%m%d%H%M%S}Z".encode()), SEAL_PERIOD),
    "begins tomorrow": (setting((2, 5), f"{NOW + DAY:%Y%m%d%H%M%S}Z".encode()), SEAL_PERIOD),
    "made tomorrow": (setting((2, 4), f"{NOW + DAY:%Y%m%d%H%M%S}Z".encode()), SEAL_PERIOD),
    "version of a megabyte": (setting((0, 1), b"\x05" * 1_000_000), SEAL_FORM),
    "name of 300 letters": (setting((2, 1), "章".encode() * 300), SEAL_FORM),
    "300 extensions": (
        lambda info: info.inner.append(
            Node(0x30, inner=[Node.read(extension(f"1.2.{at}", b"")) for at in range(300)])
        ),
        SEAL_FORM,
    ),
    "13th month": (setting((2, 5), b"20261301000000Z"), SEAL_FORM),
    "fractions of a second": (setting((2, 5), b"20260101000000.5Z"), SEAL_FORM),
}


@pytest.mark.parametrize("name", FORGED_SEALS)
def test_a_rightly_signed_seal_that_says_wrong_things(name: str) -> None:
    change, step = FORGED_SEALS[name]
    seal = forged_seal(change)
    refused_at(of_seal(seal), step)
    refused_at(of_signature(sealed_with(seal)), FORM if step == SEAL_FORM else step)


FORGED: dict[str, tuple[Callable[[Node], None], str]] = {
    "version 3": (setting((0,), b"\x03"), FORM),
    "version 5": (setting((0,), b"\x05"), FORM),
    "before the seal": (setting((2,), b"20251231235959Z"), MAKER_PERIOD),
    "after the seal": (setting((2,), b"20290101000001Z"), MAKER_PERIOD),
    "tomorrow": (setting((2,), f"{NOW + DAY:%Y%m%d%H%M%S}Z".encode()), SIGNER_PERIOD),
    "another document": (setting((3,), b"\x00" + sm3(b"another")), DOCUMENT_STEP),
    "a short digest": (setting((3,), b"\x00" + sm3(DOCUMENT)[:31]), DOCUMENT_STEP),
    "half an octet": (setting((3,), b"\x04" + sm3(DOCUMENT)), FORM),
    "critical own data": (
        lambda info: info.inner.append(Node(0xA0, inner=[own("1.2.156.1", True)])),
        OWN,
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_rightly_signed_signature_that_says_wrong_things(name: str) -> None:
    change, step = FORGED[name]
    refused_at(of_signature(forged(change)), step)


# --- keys, ids, certificates ----------------------------------------------------------------------


def make(holder_key_id: bytes = b"1234567812345678", **changed: object) -> bytes:
    """A seal signature where the arguments replace those of an honest one."""
    arguments = {
        "seal": SEAL,
        "digest": sm3(DOCUMENT),
        "document_property": "/document",
        "at": NOW,
        "certificate": W.holder,
        "signer": lambda message: W.holder_key.sign(message, signer_id=holder_key_id),
    }
    return sign_document(**(arguments | changed))  # type: ignore[arg-type]


def test_a_wrong_key() -> None:
    stranger = generate()
    refused_at(of_signature(make(signer=stranger.sign)), VALUE)
    refused_at(of_seal(make_seal(W.new_seal(), maker=W.maker, signer=stranger.sign)), SEAL_VALUE)


@pytest.mark.parametrize("signer_id", [b"", b"1234567812345679", b"ALICE123@YAHOO.COM"])
def test_a_wrong_signer_id(signer_id: bytes) -> None:
    refused_at(of_signature(make(signer_id)), VALUE)
    seal = make_seal(
        W.new_seal(), maker=W.maker, signer=lambda message: W.maker_key.sign(message, signer_id=signer_id)
    )
    refused_at(of_seal(seal), SEAL_VALUE)


ALGORITHMS = {
    "SM2 curve": "1.2.156.10197.1.301",
    "RSA with SM3": "1.2.156.10197.1.504",
    "ECDSA with SHA-256": "1.2.840.10045.4.3.2",
}


@pytest.mark.parametrize("oid", ALGORITHMS.values(), ids=ALGORITHMS)
def test_an_unknown_algorithm(oid: str) -> None:
    named = der.oid(oid)[2:]
    refused_at(of_seal(put(SEAL, (2,), named)), SEAL_ALGORITHM)
    refused_at(of_signature(put(SIGNATURE, (2,), named)), ALGORITHM)


CERTIFICATES: dict[str, tuple[dict[str, object], str, str]] = {
    "expired": ({"not_after": NOW - DAY}, MAKER_PERIOD, SIGNER_PERIOD),
    "not yet valid": ({"not_before": NOW + DAY}, MAKER_PERIOD, SIGNER_PERIOD),
    "an authority's own": ({"authority": True}, MAKER_USAGE, SIGNER_USAGE),
    "signed by itself": ({"issuer": None}, MAKER_CHAIN, SIGNER_CHAIN),
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_that_will_not_do(name: str) -> None:
    changed, as_maker, as_signer = CERTIFICATES[name]
    key = generate()
    certificate = W.issue("某机构", key, **changed)
    if name == "signed by itself":
        certificate = parse_certificate(resigned(certificate.der, key.sign))
    seal = make_seal(W.new_seal(), maker=certificate, signer=key.sign)
    refused_at(of_seal(seal), as_maker)
    seal = W.seal(holders=(W.holder, certificate))
    refused_at(of_signature(make(seal=seal, certificate=certificate, signer=key.sign)), as_signer)


def resigned(certificate: bytes, signer: Callable[[bytes], bytes]) -> bytes:
    """A certificate signed by somebody."""
    tree = Node.read(certificate)
    tree.inner[2].content = b"\x00" + signer(tree.inner[0].write())
    return tree.write()


def edited(change: Callable[[list[Node]], object]) -> bytes:
    """The holder's certificate with changed extensions, signed by the authority again."""
    tree = Node.read(W.holder.der)
    change(tree.at(0, 7, 0).inner)
    return resigned(tree.write(), W.root_key.sign)


EDITED: dict[str, tuple[Callable[[list[Node]], object], str]] = {
    "no key usage": (lambda rows: rows.pop(), SIGNER_USAGE),
    "another usage": (lambda rows: setattr(rows[-1].inner[-1], "content", b"\x03\x02\x05\x20"), SIGNER_USAGE),
    "unknown critical extension": (
        lambda rows: rows.append(Node.read(extension("1.2.3.4", b"\x05\x00", True))),
        SIGNER_CHAIN,
    ),
}


@pytest.mark.parametrize("name", EDITED)
def test_a_certificate_with_other_extensions(name: str) -> None:
    change, step = EDITED[name]
    certificate = parse_certificate(edited(change))
    seal = W.seal(holders=(certificate,))
    refused_at(of_signature(make(seal=seal, certificate=certificate)), step)


def test_a_certificate_of_another_authority_of_the_same_name() -> None:
    twin = World()
    seal = make_seal(twin.new_seal(), maker=twin.maker, signer=twin.maker_key.sign)
    assert twin.root.subject == W.root.subject
    refused_at(of_seal(seal), MAKER_CHAIN)


def test_a_signer_whom_the_seal_does_not_name() -> None:
    data = forged(lambda info: None)
    tree = Node.read(data)
    tree.inner[1].content = W.maker.der
    tree.inner[3].content = b"\x00" + W.maker_key.sign(tree.inner[0].write())
    refused_at(of_signature(tree.write()), LISTED)


def test_a_seal_put_in_place_of_another() -> None:
    tree = Node.read(SIGNATURE)
    tree.at(0).inner[1] = Node.read(W.seal(name="示例市财政局财务专用章"))
    refused_at(of_signature(tree.write()), VALUE)


def test_a_new_picture_needs_the_maker() -> None:
    changed = put(SEAL, (0, 3, 1), png(9, 9))
    refused_at(of_seal(changed), SEAL_VALUE)
    refused_at(of_signature(put(SIGNATURE, (0, 1, 0, 3, 1), png(9, 9))), SEAL_VALUE)


def test_what_is_made_in_vain_is_not_made() -> None:
    for wrong in (
        {"at": END + DAY},
        {"at": START - DAY},
        {"certificate": W.maker},
        {"digest": b"short"},
        {"document_property": "文档"},
    ):
        with pytest.raises(Exception, match=r"。"):
            make(**wrong)
    for wrong_seal in (
        {"holders": ()},
        {"name": ""},
        {"seal_id": "编号"},
        {"not_after": START},
        {"picture": Picture("PNG", b"no", 42, 42)},
        {"picture": Picture("SVG", b"<!DOCTYPE svg><svg/>", 42, 42)},
    ):
        with pytest.raises(Exception, match=r"。"):
            W.seal(**wrong_seal)


def test_both_kinds_and_an_svg_picture_pass() -> None:
    svg = Picture("SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="20"/></svg>', 20, 20)
    assert of_seal(W.seal(kind=SealKind.PERSON, picture=svg)).ok
    assert names.make("王𠮷").first(names.COMMON_NAME) == "王𠮷" == make_name("王𠮷").parts[-1][1]
