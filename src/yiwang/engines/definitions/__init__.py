# SPDX-License-Identifier: Apache-2.0
"""Load, validate, overlay, hash and date what a city offers."""
