# SPDX-License-Identifier: Apache-2.0
"""What the door hands out: frozen values, masked where a purpose does not need the whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from yiwang.kernel.ids import mask_id_number, mask_name, mask_phone


@dataclass(frozen=True)
class Subject:
    """A person or firm as a case needs it. `facts` are element id → value, known from the register."""

    kind: str  # "person" | "firm"
    public_id: str
    name: str
    number: str
    phone: str
    address: str
    place: str

    @property
    def masked_name(self) -> str:
        """The name as others may see it; a firm's name is public."""
        return mask_name(self.name) if self.kind == "person" else self.name

    @property
    def masked_number(self) -> str:
        """The number as others may see it; a firm's code is public."""
        return mask_id_number(self.number) if self.kind == "person" else self.number

    @property
    def masked_phone(self) -> str:
        """The phone number with its middle hidden."""
        return mask_phone(self.phone) if self.phone else ""


@dataclass(frozen=True)
class RegisteredFirm:
    """A firm as it is registered, without its people."""

    public_id: str
    kind: str
    place: str
    founded: dt.date


@dataclass(frozen=True)
class FirmFacts:
    """What the firm register knows beyond `Subject`."""

    kind: str
    founded: dt.date
    representative_id: str
    representative: str
