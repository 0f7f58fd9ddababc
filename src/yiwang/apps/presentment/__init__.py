# SPDX-License-Identifier: Apache-2.0
"""Showing licences (亮证) and authorising clerks to use them (授权用证)."""
