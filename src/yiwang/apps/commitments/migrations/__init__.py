# SPDX-License-Identifier: Apache-2.0
"""Database steps of commitments."""
