# SPDX-License-Identifier: Apache-2.0
"""Use cases of materials: files that come in, documents that are kept for later."""
