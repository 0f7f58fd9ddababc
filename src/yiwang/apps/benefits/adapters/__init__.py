# SPDX-License-Identifier: Apache-2.0
"""Partners of this room."""
