# SPDX-License-Identifier: Apache-2.0
"""Connectors of the gateway."""
