# SPDX-License-Identifier: Apache-2.0
"""The office: officers with deadlines (审批)."""
