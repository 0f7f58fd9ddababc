# SPDX-License-Identifier: Apache-2.0
"""A small world to test in: an authority, a maker, a holder, a seal, and lists of who is revoked."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from dataclasses import dataclass, field, replace
from functools import cached_property

from yiwang.engines.sealing import (
    Certificate,
    Crl,
    NewCertificate,
    NewCrl,
    NewSeal,
    Picture,
    PrivateKey,
    Revoked,
    SealKind,
    TrustStore,
    generate,
    issue_certificate,
    issue_crl,
    make_name,
    make_seal,
    sign_document,
    sm3,
)

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 6, 1, 4, 0, tzinfo=dt.UTC)
END = dt.datetime(2029, 1, 1, tzinfo=dt.UTC)
DOCUMENT = "驻马店市行政审批局决定书".encode()


def png(width: int = 4, height: int = 4) -> bytes:
    """A tiny red PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\xe6\x00\x12\xff" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass
class World:
    """Keys and certificates, made once; `trust` takes what was revoked."""

    root_key: PrivateKey = field(default_factory=generate)
    maker_key: PrivateKey = field(default_factory=generate)
    holder_key: PrivateKey = field(default_factory=generate)

    @cached_property
    def root(self) -> Certificate:
        """The authority."""
        name = make_name("示例市电子认证机构", organization="示例市")
        new = NewCertificate(name, self.root_key.public, START, END, authority=True)
        return issue_certificate(new, self.root_key.sign)

    @cached_property
    def maker(self) -> Certificate:
        """Who makes seals."""
        return self.issue("示例市政务服务和大数据管理局", self.maker_key)

    @cached_property
    def holder(self) -> Certificate:
        """Who uses the seal."""
        return self.issue("示例市行政审批局", self.holder_key)

    def issue(self, common_name: str, key: PrivateKey, **changed: object) -> Certificate:
        """A certificate of the authority."""
        new = NewCertificate(
            make_name(common_name, organization=common_name), key.public, START, END, self.root
        )
        return issue_certificate(replace(new, **changed), self.root_key.sign)  # type: ignore[arg-type]

    def crl(
        self, *revoked: Revoked, at: dt.datetime = START, until: dt.datetime = END, number: int = 1
    ) -> Crl:
        """The authority's list."""
        return issue_crl(NewCrl(self.root, number, at, until, revoked), self.root_key.sign)

    def trust(self, *revoked: Revoked) -> TrustStore:
        """The authority believed, with one current list."""
        return TrustStore((self.root,), (self.crl(*revoked),))

    def new_seal(self, **changed: object) -> NewSeal:
        """What the seal says."""
        new = NewSeal(
            seal_id="41170000000001",
            name="示例市行政审批局行政审批专用章",
            kind=SealKind.UNIT,
            holders=(self.holder,),
            picture=Picture("PNG", png(), 42, 42),
            not_before=START,
            not_after=END,
            made_at=START,
        )
        return replace(new, **changed)  # type: ignore[arg-type]

    def seal(self, **changed: object) -> bytes:
        """A seal."""
        return make_seal(self.new_seal(**changed), maker=self.maker, signer=self.maker_key.sign)

    def signature(
        self, document: bytes = DOCUMENT, *, at: dt.datetime = NOW, seal: bytes | None = None
    ) -> bytes:
        """A seal signature under a document."""
        return sign_document(
            seal=seal or self.seal(),
            digest=sm3(document),
            document_property="/document",
            at=at,
            certificate=self.holder,
            signer=self.holder_key.sign,
        )
