# SPDX-License-Identifier: Apache-2.0
"""Tests of the catalogue: versions, needs, the census."""
