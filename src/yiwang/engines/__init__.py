# SPDX-License-Identifier: Apache-2.0
"""Pure algorithms; no Django; each usable alone."""
