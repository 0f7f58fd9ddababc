# SPDX-License-Identifier: Apache-2.0
"""Pure rules of materials: which bytes are accepted, and under which name."""
