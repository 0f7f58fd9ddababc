# SPDX-License-Identifier: Apache-2.0
"""The figures of this room, from the definitions in force."""

from __future__ import annotations

REMIND_DAYS = "benefit-remind-days"
MOST_REMINDERS = "benefit-most-reminders"
REST_DAYS = "benefit-unclaimed-rest-days"
SHOW_DAYS = "benefit-publicity-days"
IRREGULAR_DAYS = "benefit-extract-irregular-days"
CHEATING_ENTRY = "benefit-cheating-credit-entry"
ANSWER_DAYS = "benefit-objection-days"
