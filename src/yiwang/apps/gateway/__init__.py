# SPDX-License-Identifier: Apache-2.0
"""共享数据网关: shared data fetched within a grant, every call recorded."""
