# SPDX-License-Identifier: Apache-2.0
"""Pure rules of showing and authorising."""
