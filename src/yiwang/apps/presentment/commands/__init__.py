# SPDX-License-Identifier: Apache-2.0
"""One function per use case: lock, allow, decide, write, record, announce."""
