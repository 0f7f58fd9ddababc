# SPDX-License-Identifier: Apache-2.0
"""The data desk: find, ask for, grant, use and dispute data in one place (数据共享)."""
