# SPDX-License-Identifier: Apache-2.0
"""Outside partners that carry messages."""
