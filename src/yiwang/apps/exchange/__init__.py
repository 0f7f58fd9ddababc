# SPDX-License-Identifier: Apache-2.0
"""数据共享: the data catalogue, needs, requests and grants."""
