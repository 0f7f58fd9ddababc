# SPDX-License-Identifier: Apache-2.0
"""Public credit: records, their publicity, objection and repair, what they do to a matter."""
