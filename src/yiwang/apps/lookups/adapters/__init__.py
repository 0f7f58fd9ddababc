# SPDX-License-Identifier: Apache-2.0
"""Who grants and asks: the exchange and its gateway."""
