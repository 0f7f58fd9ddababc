# SPDX-License-Identifier: Apache-2.0
"""Pure rules of signatures: pictures, strength of a login, states, and what a signing service is."""
