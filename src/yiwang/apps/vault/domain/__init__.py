# SPDX-License-Identifier: Apache-2.0
"""Pure rules of the vault."""
