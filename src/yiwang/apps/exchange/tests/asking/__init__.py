# SPDX-License-Identifier: Apache-2.0
"""Tests of asking for data: requests, grants, consents, the project gate, the link with the province."""
