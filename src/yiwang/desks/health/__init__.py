# SPDX-License-Identifier: Apache-2.0
"""Is it alive, can it serve, how much waits: for load balancers and monitoring."""
