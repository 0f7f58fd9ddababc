# SPDX-License-Identifier: Apache-2.0
"""Rules of quality and objections, without a database."""
