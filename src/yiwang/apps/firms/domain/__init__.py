# SPDX-License-Identifier: Apache-2.0
"""Pure rules of requests of firms."""
