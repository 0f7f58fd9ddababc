# SPDX-License-Identifier: Apache-2.0
"""The counter: clerks with somebody in front of them (窗口)."""
