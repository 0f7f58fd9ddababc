# SPDX-License-Identifier: Apache-2.0
"""共享数据查询: what other departments already know, looked up by consent, for one application."""
