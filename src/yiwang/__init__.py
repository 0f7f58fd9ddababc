# SPDX-License-Identifier: Apache-2.0
"""Yiwang (一网): one network for a city's government services."""

__version__ = "0.1.0"
