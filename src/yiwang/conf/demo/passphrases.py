# SPDX-License-Identifier: Apache-2.0
"""The passphrases of the sample city's seals: told in the guide, of no use anywhere else."""

SEAL_PASSPHRASE = "印章口令-demo-2026"  # noqa: S105
MAKER_PASSPHRASE = "制章口令-demo-2026"  # noqa: S105
