# SPDX-License-Identifier: Apache-2.0
"""The sample city: invented people, firms, licences and officers, and one errand done from end to end."""
