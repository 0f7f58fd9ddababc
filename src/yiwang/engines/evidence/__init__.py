# SPDX-License-Identifier: Apache-2.0
"""One resolver for every input: where is there already an answer?"""
