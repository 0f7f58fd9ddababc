# SPDX-License-Identifier: Apache-2.0
"""Use cases of requests of firms."""
