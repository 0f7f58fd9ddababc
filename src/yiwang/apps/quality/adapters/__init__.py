# SPDX-License-Identifier: Apache-2.0
"""Outside partners of quality: providers' own systems."""
