# SPDX-License-Identifier: Apache-2.0
"""The province's exchange platform (省数据共享交换平台): one over HTTP, one twin for trials."""
