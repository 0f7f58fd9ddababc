# SPDX-License-Identifier: Apache-2.0
"""Templates (证照模板): how a licence looks on paper, as data: 证照名称、版式、底图、证照类型信息.

Lengths are millimetres from the upper left corner of the page, font sizes are points. One template
gives the PDF and the OFD, so that they look alike. Format: `docs/formats/templates.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from .base import Citation, Definition, ElementId, MaterialId, Part, Text, forbid_duplicates

Millimetres = Annotated[Decimal, Field(ge=0, le=1200, decimal_places=2)]
"""A length or a place on the page."""

Extent = Annotated[Decimal, Field(gt=0, le=1200, decimal_places=2)]
"""A width or a height: never nothing."""

Points = Annotated[Decimal, Field(ge=4, le=120, decimal_places=1)]
"""A font size."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
"""Red, green, blue: `#c8102e`."""

_BLACK = "#000000"


class Fact(StrEnum):
    """What every licence says of itself, whatever its type; the word is the key of the value."""

    NUMBER = "证照编号"
    IDENTIFIER = "电子证照标识"  # GB/T 36904
    HOLDER = "持证主体"
    HOLDER_CODE = "持证主体代码"
    ISSUER = "发证机关"
    ISSUED_ON = "发证日期"
    VALID_FROM = "有效期自"
    VALID_TO = "有效期至"
    VALIDITY = "有效期限"  # 自…至…，或长期


class Face(StrEnum):
    """Which face letters have; each is a font of the Noto CJK family."""

    SONG = "song"  # 宋体
    SONG_BOLD = "song-bold"
    HEI = "hei"  # 黑体
    HEI_BOLD = "hei-bold"


class Align(StrEnum):
    """How a line stands in its box."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    SPREAD = "spread"  # 两端对齐：名　　称


class Box(Part):
    """A rectangle on the page."""

    x: Millimetres
    y: Millimetres
    width: Extent
    height: Extent


class Lettering(Box):
    """A box with letters in it; letters that do not fit are made smaller, never cut."""

    size: Points = Field(default=Decimal(14), description="字号（磅）")
    face: Face = Face.SONG
    align: Align = Align.LEFT
    colour: Colour = _BLACK


class Words(Lettering):
    """Words that stand on every licence of the type: the title, a heading, a notice."""

    text: Text


class TemplateField(Lettering):
    """A box for one value: a data element of the material, or a fact of every licence."""

    element: ElementId | None = None
    fact: Fact | None = None
    label: Text | None = Field(default=None, description="栏目名；空则只印内容")
    label_width: Millimetres = Field(default=Decimal(0), description="栏目名占的宽度，在框的左边")
    label_size: Points | None = Field(default=None, description="栏目名字号；空则与内容相同")
    label_face: Face | None = Field(default=None, description="栏目名字体；空则与内容相同")
    label_align: Align = Align.SPREAD
    label_colour: Colour | None = Field(default=None, description="栏目名颜色；空则与内容相同")
    required: bool = Field(default=True, description="没有内容就不能制证")
    empty: str = Field(default="", max_length=40, description="非必填而没有内容时印的字，如 /")

    @model_validator(mode="after")
    def _one_value(self) -> TemplateField:
        if (self.element is None) == (self.fact is None):
            raise ValueError("一个栏目写 element（数据元）或 fact（证照共有的内容），只写一个")
        if (self.label is None) != (self.label_width == 0):
            raise ValueError("label 和 label_width 要么都写，要么都不写")
        if self.label_width >= self.width:
            raise ValueError("label_width 不小于 width，内容没有地方印：请加宽")
        return self

    @property
    def key(self) -> str:
        """The key of its value: the element's id or the fact's Chinese word."""
        return self.element or str(self.fact)


class Rectangle(Box):
    """A frame or a tint of the base drawing (底图)."""

    line: Colour | None = None
    line_width: Extent = Decimal("0.3")
    fill: Colour | None = None
    radius: Millimetres = Decimal(0)

    @model_validator(mode="after")
    def _is_seen(self) -> Rectangle:
        if self.line is None and self.fill is None:
            raise ValueError("矩形没有线也没有底色：请写 line 或 fill")
        return self


class Line(Part):
    """A straight line of the base drawing."""

    x1: Millimetres
    y1: Millimetres
    x2: Millimetres
    y2: Millimetres
    colour: Colour = _BLACK
    width: Extent = Decimal("0.3")


class BorderStyle(StrEnum):
    """Frames the house draws itself; none of them is a national emblem."""

    ORNATE = "ornate"  # 花边：连续纹样和四角
    DOUBLE = "double"  # 双线
    PLAIN = "plain"  # 单线


class Border(Part):
    """The frame around the page."""

    style: BorderStyle
    inset: Millimetres = Field(description="距纸边")
    width: Extent = Field(default=Decimal(8), description="花边的宽度")
    colour: Colour


class PatternStyle(StrEnum):
    """Background patterns the house draws itself."""

    WAVES = "waves"  # 波纹底
    ROSETTE = "rosette"  # 中央团花
    WAVES_ROSETTE = "waves-rosette"


class Pattern(Part):
    """The pattern under the words."""

    style: PatternStyle
    colour: Colour


class Drawing(Part):
    """The base drawing (底图): border, pattern, frames, tints and lines, drawn in this order."""

    paper: Colour = "#ffffff"
    pattern: Pattern | None = None
    border: Border | None = None
    rectangles: list[Rectangle] = Field(default_factory=list, max_length=200)
    lines: list[Line] = Field(default_factory=list, max_length=200)


class Page(Part):
    """The page."""

    width: Extent
    height: Extent


class SealPlace(Part):
    """Where the middle of the seal's picture stands; its size is the seal's own."""

    x: Millimetres
    y: Millimetres


class Square(Part):
    """Where the QR code stands."""

    x: Millimetres
    y: Millimetres
    size: Annotated[Decimal, Field(ge=12, le=60, decimal_places=2)]
    caption: Text | None = Field(default=None, description="码下的一行小字")


TypeCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}$")]
"""证照类型代码: the defining body's unified social credit code and three digits."""


class Identifiers(Part):
    """证照类型信息: how the type is called in the national catalogue (GB/T 36902, GB/T 36904)."""

    type_code: TypeCode | None = Field(default=None, description="证照类型代码；未取得的不写，不要编造")
    definer: Text | None = Field(default=None, description="证照定义机构")
    holder_kind: Text | None = Field(default=None, description="持证主体类别：自然人、法人、其他组织")
    validity_range: Text | None = Field(default=None, description="证照有效期限范围")
    cite: Citation


class Template(Definition):
    """The look of one licence type, of one version. A changed look is a new id with a higher version."""

    material: MaterialId
    version: int = Field(ge=1, le=999)
    title: Words
    page: Page
    drawing: Drawing = Drawing()
    words: list[Words] = Field(default_factory=list, max_length=100)
    fields: list[TemplateField] = Field(min_length=1, max_length=100)
    seal: SealPlace
    qr: Square | None = None
    type: Identifiers
    cite: Citation = Field(description="照面依据")

    @model_validator(mode="after")
    def _stands_on_the_page(self) -> Template:
        for what, x, y in self._reaches():
            if x > self.page.width or y > self.page.height:
                raise ValueError(f"{what}超出纸面（{self.page.width}×{self.page.height} 毫米）：请移入或缩小")
        forbid_duplicates([field.key for field in self.fields], "栏目")
        return self

    def _reaches(self) -> Iterator[tuple[str, Decimal, Decimal]]:
        """Everything on the page and how far right and down it goes."""
        boxes: list[tuple[str, Box]] = [(f"“{words.text}”", words) for words in (self.title, *self.words)]
        boxes += [(f"栏目“{field.label or field.key}”", field) for field in self.fields]
        boxes += [("矩形", rectangle) for rectangle in self.drawing.rectangles]
        for what, box in boxes:
            yield what, box.x + box.width, box.y + box.height
        for line in self.drawing.lines:
            yield "线", max(line.x1, line.x2), max(line.y1, line.y2)
        yield "印章位置", self.seal.x, self.seal.y
        if self.qr:
            yield "二维码", self.qr.x + self.qr.size, self.qr.y + self.qr.size
