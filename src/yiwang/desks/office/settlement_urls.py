# SPDX-License-Identifier: Apache-2.0
"""Routes of settlements by period (按期结算)."""

from django.urls import path

from . import settlement_recovering as recovering
from . import settlement_registers as registers
from . import settlements

urlpatterns = [
    path("", settlements.listed, name="office-settlements"),
    path("check", settlements.check, name="office-settlement-check"),
    path("enrol", registers.enrol, name="office-settlement-enrol"),
    path("enrol/<slug:enrolment>/end", registers.end, name="office-settlement-end"),
    path("enrol/<slug:enrolment>/certificate", registers.certificate, name="office-settlement-certificate"),
    path("registers", registers.registers, name="office-settlement-registers"),
    path("payees/<slug:payee>/recover", recovering.recover, name="office-settlement-recover"),
    path("recoveries/<slug:recovery>", recovering.decide, name="office-settlement-decide"),
    path("recoveries/<slug:recovery>/returned", recovering.returned, name="office-settlement-returned"),
    path("months/<slug:settled>/<slug:month>", settlements.month, name="office-settlement-month"),
    path("<slug:tally>", settlements.one, name="office-settlement"),
    path("<slug:tally>/hand-up", settlements.hand_up, name="office-settlement-up"),
    path("<slug:tally>/again", settlements.again, name="office-settlement-again"),
    path("<slug:tally>/photos/<int:photo>", settlements.photo, name="office-settlement-photo"),
    path("<slug:tally>/doubts/<slug:doubt>", settlements.answer, name="office-settlement-doubt"),
    path(
        "<slug:tally>/records/<slug:sale>/withdraw", settlements.withdraw, name="office-settlement-withdraw"
    ),
]
