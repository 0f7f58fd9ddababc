# SPDX-License-Identifier: Apache-2.0
"""数据质量与异议: how good shared data is, and what becomes of those who say that it is wrong."""
