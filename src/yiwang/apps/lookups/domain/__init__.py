# SPDX-License-Identifier: Apache-2.0
"""Rules of lookups, without Django."""
