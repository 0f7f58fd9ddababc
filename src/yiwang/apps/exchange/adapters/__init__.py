# SPDX-License-Identifier: Apache-2.0
"""Partners of the exchange."""
