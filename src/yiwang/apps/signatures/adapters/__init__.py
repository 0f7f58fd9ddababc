# SPDX-License-Identifier: Apache-2.0
"""Signing services: the house's own over its seals, one outside over HTTP, and that one's demo twin."""
