# SPDX-License-Identifier: Apache-2.0
"""Electronic seals (电子印章): their life, their keys, their use."""
