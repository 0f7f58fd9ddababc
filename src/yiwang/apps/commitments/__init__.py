# SPDX-License-Identifier: Apache-2.0
"""告知承诺: letters that stand for proof, and what is checked afterwards."""
