# SPDX-License-Identifier: Apache-2.0
"""States of an item case and its legal clock."""
