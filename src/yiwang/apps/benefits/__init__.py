# SPDX-License-Identifier: Apache-2.0
"""免申即享: benefits found, confirmed, shown, paid."""
