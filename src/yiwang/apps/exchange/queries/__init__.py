# SPDX-License-Identifier: Apache-2.0
"""What others may read of the exchange."""
