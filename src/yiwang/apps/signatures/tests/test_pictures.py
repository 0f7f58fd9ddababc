# SPDX-License-Identifier: Apache-2.0
"""Whatever comes in as a handwriting, what leaves is one small clean picture, or a word on what to do."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from yiwang.apps.signatures.domain.pictures import HEIGHT, WIDTH, from_canvas, from_name, from_upload
from yiwang.kernel.errors import Invalid

from .support import handwriting

DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def font(character: str) -> tuple[Path, int]:
    """The same font for all."""
    return DEJAVU, 0


def png(picture: Image.Image) -> bytes:
    """As a PNG."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def canvas(content: bytes) -> str:
    """As the page sends it."""
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def drawn() -> bytes:
    """A stroke on a clear ground, as a canvas gives it."""
    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(60, 60), (300, 150), (540, 40)], fill=(0, 0, 0, 255), width=9)
    return png(picture)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(lambda: from_upload(handwriting()), id="photo"),
        pytest.param(lambda: from_canvas(canvas(drawn())), id="canvas"),
    ],
)
def test_ink_is_kept_and_paper_is_not(picture: object) -> None:
    with Image.open(io.BytesIO(picture())) as found:  # type: ignore[operator]
        assert (found.format, found.mode, found.size) == ("PNG", "RGBA", (WIDTH, HEIGHT))
        alpha = found.getchannel("A")
        assert alpha.getpixel((1, 1)) == 0
        covered = sum(alpha.histogram()[128:]) / (WIDTH * HEIGHT)
        assert 0.005 < covered < 0.5
        assert not found.info.get("exif")


@pytest.mark.skipif(not DEJAVU.exists(), reason="no font on this machine")
def test_a_typed_name_gives_the_same_picture_each_time_and_another_for_another_name() -> None:
    assert from_name("Wang", font) == from_name("Wang", font)
    assert from_name("Wang", font) != from_name("Wung", font)


@pytest.mark.parametrize("name", ["", "  ", "长" * 31])
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="姓名"):
        from_name(name, font)


BLANK = png(Image.new("RGB", (300, 100), "white"))
DARK = png(Image.effect_noise((600, 200), 90).point(lambda v: 0 if v > 70 else 255).convert("RGB"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "打不开"),
        (b"GIF89a", "打不开"),
        (BLANK, "空白"),
        (DARK, "看不出"),
        (drawn()[:80], "打不开"),
        (b"\x89PNG" + b"x" * 2_000_001, "太大"),
    ],
    ids=["empty", "not a picture", "blank", "a dark table", "cut off", "too large"],
)
def test_what_is_no_signature_is_refused_with_what_to_do(content: bytes, what: str) -> None:
    for take in (from_upload, lambda one: from_canvas(canvas(one))):
        with pytest.raises(Invalid, match=what) as refused:
            take(content)
        assert refused.value.mend
        assert refused.value.field in ("picture", "drawing")


@pytest.mark.parametrize("sent", ["", "data:image/svg+xml;base64,PHN2Zz4=", "data:image/png;base64,%%%"])
def test_a_page_that_sends_no_png_is_refused(sent: str) -> None:
    with pytest.raises(Invalid):
        from_canvas(sent)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = png(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    with pytest.raises(Invalid, match="像素"):
        from_upload(bomb)
