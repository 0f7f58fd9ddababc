# SPDX-License-Identifier: Apache-2.0
"""Rules of benefits without application, without Django."""
