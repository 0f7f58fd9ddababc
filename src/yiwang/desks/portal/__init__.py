# SPDX-License-Identifier: Apache-2.0
"""The portal: residents and firms (网上大厅)."""
