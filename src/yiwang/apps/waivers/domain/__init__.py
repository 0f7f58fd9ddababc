# SPDX-License-Identifier: Apache-2.0
"""Rules of waivers, without Django."""
