# SPDX-License-Identifier: Apache-2.0
"""Every way in: each route of the pages and each operation of the API, with its access decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from yiwang.desks.access import Access, routes

OF_THE_LIBRARY = {
    "/api/openapi.json": Access(public=True, why="接口说明是公开信息"),
    "/api/": Access(public=True, why="只用来拼出接口的地址，自身没有内容"),
}
"""Routes that the API library brings along; they read nothing of anybody."""

_PARAMETER = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")


@dataclass(frozen=True)
class Way:
    """One way in. `methods` is empty for a page: which it takes is the view's own business."""

    path: str
    name: str
    methods: tuple[str, ...]
    access: Access | None

    @property
    def is_api(self) -> bool:
        """Whether it is an operation of the API."""
        return bool(self.methods)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of what stands in the path."""
        return tuple(_PARAMETER.findall(self.path))

    def url(self, values: dict[str, str]) -> str:
        """The address with these values. Raises KeyError for a parameter nobody gave."""
        return _PARAMETER.sub(lambda match: values[match[1]], self.path)


def ways() -> Iterator[Way]:
    """Every way in, in the order of the URL configuration."""
    for route in routes():
        if not route.path.startswith("/api/"):
            yield Way(route.path, route.name, (), route.access)
        elif route.path in OF_THE_LIBRARY:
            yield Way(route.path, route.name, ("GET",), OF_THE_LIBRARY[route.path])
    yield from operations()


def operations() -> Iterator[Way]:
    """Every operation of the API."""
    from yiwang.desks.api.routes import api  # reads Django's settings when it is imported

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for one in view.operations:
                whole = "/".join(["/api", *filter(None, f"{prefix}{path}".split("/"))])
                decision = getattr(one.view_func, "access", None)
                yield Way(whole, one.view_func.__name__, tuple(sorted(one.methods)), decision)


def page() -> str:
    """`docs/guides/routes.md`: who may use which address."""
    rows = sorted(ways(), key=lambda way: (way.is_api, way.path, way.methods))
    head = [
        "# 谁可以用哪个地址",
        "",
        "由程序生成（在 `tests/` 下运行 `python -m support.access_map`）；测试核对，并用每种身份逐个试。",
        "能打开一个地址，不等于能看到里面的办件：看谁的、在哪里办，由办件一方再判断；无权看的，一律回答“没有”。",
        "",
        "| 地址 | 谁可以用 | 为什么公开 |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *(_row(way) for way in rows)]) + "\n"


def _row(way: Way) -> str:
    who, why = "（没有决定）", ""
    if way.access is not None:
        people = ["本人、有授权的经办人"] if way.access.person else []
        named = "、".join([*people, *(role.term for role in way.access.roles)])
        who = "任何人" if way.access.public else named
        why = way.access.why
    shown = " ".join([*way.methods, f"`{way.path}`"])
    return f"| {shown} | {who} | {why} |"


if __name__ == "__main__":
    import os
    from pathlib import Path

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "support.settings")
    django.setup()
    (Path(__file__).parents[2] / "docs" / "guides" / "routes.md").write_text(page(), encoding="utf-8")
