# SPDX-License-Identifier: Apache-2.0
"""The smallest shared things, pure: errors, ids, money, dates, working days, canonical JSON."""
