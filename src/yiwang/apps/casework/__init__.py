# SPDX-License-Identifier: Apache-2.0
"""Cases: from a draft to results in the applicant's hands."""
