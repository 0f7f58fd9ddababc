# SPDX-License-Identifier: Apache-2.0
"""One function for each use case of public credit."""
