# SPDX-License-Identifier: Apache-2.0
"""What tests that cross rooms share: a real PostgreSQL server and a real browser."""
