# SPDX-License-Identifier: Apache-2.0
"""Partners outside: the province's store of e-licences, with its demo twin."""
