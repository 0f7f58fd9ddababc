# SPDX-License-Identifier: Apache-2.0
"""What can be done to licences, one module for each use."""
