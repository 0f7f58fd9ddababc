# SPDX-License-Identifier: Apache-2.0
"""Logging in and out, elder mode."""
