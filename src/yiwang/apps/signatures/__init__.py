# SPDX-License-Identifier: Apache-2.0
"""Electronic signatures of people: drawn or typed once, then bound to exact documents."""
