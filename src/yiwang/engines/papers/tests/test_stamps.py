# SPDX-License-Identifier: Apache-2.0
"""Pictures of seals: their size, their colour, and what is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from yiwang.engines.papers import CharacterMissing, draw_seal
from yiwang.engines.sealing import Picture, SealKind
from yiwang.kernel.errors import Invalid

from .support import fonts

NAME = "驻马店市市场监督管理局"


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.data)).convert("RGBA")


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> float:
    """The share of inked pixels in a part of the picture, given in shares of its side."""
    side = image.width
    part = image.getchannel("A").crop(tuple(round(one * side) for one in (left, top, right, bottom)))  # type: ignore[arg-type]
    counts = part.histogram()
    return sum(counts[128:]) / sum(counts)


@pytest.mark.parametrize("side", [40, 42, 45])
def test_a_round_seal_is_red_on_nothing_in_its_size(side: int) -> None:
    picture = draw_seal(SealKind.UNIT, NAME, size_mm=side, fonts=fonts())
    image = opened(picture)
    assert (picture.kind, picture.width_mm, picture.height_mm) == ("PNG", side, side)
    assert image.width == image.height == pytest.approx(side / 25.4 * 600, abs=2)
    assert image.convert("RGB").getcolors(9) == [(image.width * image.height, (0xD7, 0, 0x0F))]
    assert ink(image, 0, 0, 0.05, 0.05) == ink(image, 0.95, 0, 1, 0.05) == 0
    assert ink(image, 0.45, 0.45, 0.55, 0.55) > 0.95  # the star
    assert ink(image, 0.25, 0.08, 0.75, 0.3) > 0.1  # the name above it
    assert ink(image, 0.3, 0.75, 0.7, 0.9) == 0  # no purpose below


def test_the_purpose_stands_below_the_star_and_touches_nothing() -> None:
    image = opened(draw_seal(SealKind.UNIT, NAME, "行政审批专用章", fonts=fonts()))
    assert ink(image, 0.2, 0.7, 0.8, 0.8) > 0.1
    assert ink(image, 0.2, 0.66, 0.8, 0.69) == 0
    assert ink(image, 0.35, 0.83, 0.65, 0.93) == 0


def test_a_name_seal_is_square() -> None:
    picture = draw_seal(SealKind.PERSON, "欧阳建国", fonts=fonts())
    image = opened(picture)
    assert (picture.width_mm, picture.height_mm) == (20, 20)
    assert ink(image, 0.2, 0, 0.8, 0.03) == ink(image, 0, 0.2, 0.03, 0.8) == 1
    for left, top in [(0.1, 0.1), (0.5, 0.1), (0.1, 0.5), (0.5, 0.5)]:
        assert ink(image, left, top, left + 0.4, top + 0.4) > 0.1


@pytest.mark.parametrize(
    "name", ["驻马店", "驻马店市驿城区人力资源和社会保障局社会保险事业服务中心", "𠮷林局"]
)
def test_short_long_and_rare_names_are_drawn(name: str) -> None:
    assert len(draw_seal(SealKind.UNIT, name, fonts=fonts()).data) < 60_000


def test_what_is_no_seal_is_refused() -> None:
    with pytest.raises(Invalid, match="45 毫米"):
        draw_seal(SealKind.UNIT, NAME, size_mm=50, fonts=fonts())
    for name in ("", "局", "长" * 37):
        with pytest.raises(Invalid, match="2 到 36"):
            draw_seal(SealKind.UNIT, name, fonts=fonts())
    with pytest.raises(CharacterMissing, match=r"U\+30001"):
        draw_seal(SealKind.UNIT, "\U00030001市政府", fonts=fonts())
