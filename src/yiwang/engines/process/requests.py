# SPDX-License-Identifier: Apache-2.0
"""The kind `request_categories`: what firms raise (企业诉求), and which department answers it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from yiwang.engines.definitions.kinds.base import Citation, Definition, OrgId, Text


class RequestCategory(Definition):
    """A category of requests. Without `org` the service window finds out who answers."""

    org: OrgId | None = Field(default=None, description="答复的责任部门；空为由企业服务窗口研判后交办")
    says: Text = Field(description="哪些事归这一类，用白话")
    position: int = Field(default=100, ge=0, description="在列表里的次序：小的在前")
    cite: Citation


REQUEST_KINDS: dict[str, Any] = {"request_categories": RequestCategory}
"""Folder name → kind."""
