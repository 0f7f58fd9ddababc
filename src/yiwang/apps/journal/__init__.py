# SPDX-License-Identifier: Apache-2.0
"""Who did what, append-only and provable; and the outbox."""
