# SPDX-License-Identifier: Apache-2.0
"""Requests that firms raise (企业诉求), and who serves which firm."""
