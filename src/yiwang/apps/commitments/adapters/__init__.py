# SPDX-License-Identifier: Apache-2.0
"""Places outside that commitments ask."""
