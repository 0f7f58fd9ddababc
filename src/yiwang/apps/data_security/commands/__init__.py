# SPDX-License-Identifier: Apache-2.0
"""What is done in this room: one function per use case."""
