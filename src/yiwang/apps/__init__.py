# SPDX-License-Identifier: Apache-2.0
"""Django apps: one room each, the same furniture in each."""
