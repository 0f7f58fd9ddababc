# SPDX-License-Identifier: Apache-2.0
"""Key stores and certificate authorities."""
