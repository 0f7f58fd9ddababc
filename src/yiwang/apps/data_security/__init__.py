# SPDX-License-Identifier: Apache-2.0
"""Security of government data (政务数据安全) and use analysis (应用分析)."""
