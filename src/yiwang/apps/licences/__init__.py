# SPDX-License-Identifier: Apache-2.0
"""Licences people and firms hold."""
