# SPDX-License-Identifier: Apache-2.0
"""The JSON API (接口)."""
