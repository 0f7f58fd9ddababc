# SPDX-License-Identifier: Apache-2.0
"""Measurements: each is a ratio against a peer, or a share of a limit, found in the same run."""
