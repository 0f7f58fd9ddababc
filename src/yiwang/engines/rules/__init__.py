# SPDX-License-Identifier: Apache-2.0
"""The rule language (FEEL of DMN): parse, check, evaluate with an explanation."""
