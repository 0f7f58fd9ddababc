# SPDX-License-Identifier: Apache-2.0
"""What people, broken programs and attackers send: values that no field should trip over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import lxml.html

SCRIPT = "<script>alert(1)</script>"
RUBBISH: dict[str, str] = {
    "nothing": "",
    "blank": " \t\u3000",
    "a null byte": "字\x00符",
    "half a character": "\ud800",
    "a script": f'">{SCRIPT}',
    "a template": "{{ 7*7 }}{% debug %}${7*7}",
    "SQL": "' OR 1=1 --",
    "a path": "../../../../etc/passwd",
    "a header": "x\r\nSet-Cookie: a=b",
    "text that runs backwards": "\u202e\u200b",
    "an emoji": "👩‍👩‍👧‍👦",
    "very long": "长" * 20_000,
    "a huge number": "9" * 400,
    "an exponent": "1e99999999",
    "not a number": "NaN",
    "a negative number": "-1",
    "a day that is none": "2026-02-30",
    "year nought": "0000-00-00",
    "JSON": '{"a": [1, null]}',
}


_MARK = "csrfmiddlewaretoken"
"""A field that no view looks at, and Django only from browsers: a form without others hides nothing."""
LONGEST_FORM = 1_800_000  # bytes: a form with more than 2 MB of text is refused unread

OF_THE_STORE = (
    "a null byte",
    "half a character",
    "an emoji",
    "very long",
    "a huge number",
    "an exponent",
    "not a number",
    "a negative number",
)
"""What one database may take and another refuse; the rest never gets as far as the database."""


def rubbish_for(vendor: str) -> dict[str, str]:
    """Everything for the database that all tests run on; for another, what databases differ in."""
    return RUBBISH if vendor == "sqlite" else {what: RUBBISH[what] for what in OF_THE_STORE}


@dataclass(frozen=True)
class FoundForm:
    """A form of a page: where it goes, its fields with what they hold, which of them nobody sees."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    hidden: frozenset[str]

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """What tells it from other forms, ids aside."""
        return self.method, tuple(sorted({name for name, _ in self.fields}))

    def filled(self, value: str, *, keep_hidden: bool) -> bytes:
        """The body of the form with `value` in every field (but what nobody sees, if kept).

        So much of it that all together is not refused for its size: else no field would be looked at.
        """
        kept = self.hidden if keep_hidden else frozenset()
        value = value[: LONGEST_FORM // len(quote("长")) // max(len(self.fields), 1)]
        sent = value if value.isalnum() else quote_plus(value, errors="surrogatepass")
        pairs = [(name, quote_plus(held) if name in kept else sent) for name, held in self.fields]
        return "&".join(f"{quote_plus(name)}={given}" for name, given in pairs).encode()


@dataclass(frozen=True)
class Page:
    """Where rubbish can be put on a page: its forms, and the names in the queries of its links and forms."""

    forms: tuple[FoundForm, ...] = ()
    names: tuple[str, ...] = ()
    is_open: bool = True


def page_of(text: str, address: str) -> Page:
    """A page, read."""
    if "<" not in text:
        return Page(is_open=bool(text))
    page = lxml.html.fromstring(text)
    return Page(tuple(_forms(page, address)), tuple(sorted(_query_names(page))))


def _forms(page: lxml.html.HtmlElement, address: str) -> Iterator[FoundForm]:
    for form in page.forms:
        inputs = [one for one in form.xpath(".//input|.//select|.//textarea|.//button") if one.get("name")]
        yield FoundForm(
            action=form.get("action") or address,
            method=(form.get("method") or "get").upper(),
            fields=tuple((one.get("name"), one.get("value") or "") for one in inputs),
            hidden=frozenset(one.get("name") for one in inputs if one.get("type") == "hidden") - {_MARK},
        )


def _query_names(page: lxml.html.HtmlElement) -> set[str]:
    found = {name for link in page.xpath("//a/@href") for name, _ in parse_qsl(urlsplit(link).query, True)}
    return found | {one.get("name") for one in page.xpath("//form[@method='get']//*[@name]")}


def in_path(value: str) -> str:
    """A value as a segment of a path."""
    return quote(value[:3_000], safe="", errors="surrogatepass") or "%20"
