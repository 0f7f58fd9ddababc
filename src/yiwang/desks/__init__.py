# SPDX-License-Identifier: Apache-2.0
"""The ways in: portal, counter, office, console, API."""
