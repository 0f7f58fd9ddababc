# SPDX-License-Identifier: Apache-2.0
"""Rules of the exchange, without tables."""
