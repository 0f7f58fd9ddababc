# SPDX-License-Identifier: Apache-2.0
"""The console: releases, backlog, journal (管理台)."""
