# SPDX-License-Identifier: Apache-2.0
"""免证可办: what departments report, what is published, what guides mark."""
