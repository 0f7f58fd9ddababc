# SPDX-License-Identifier: Apache-2.0
"""The catalogue: releases of what the city offers, and finding things in it."""
