# SPDX-License-Identifier: Apache-2.0
"""People, firms, officers, mandates, accounts."""
