# SPDX-License-Identifier: Apache-2.0
"""The vault: sensitive columns and files unreadable at rest, keys that change, marks on exports."""
