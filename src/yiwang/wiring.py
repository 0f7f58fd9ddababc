# SPDX-License-Identifier: Apache-2.0
"""Which part is plugged in where: one page. Rooms never look for one another.

| what happens | who reacts |
|---|---|
| the evidence resolver needs an answer | `PROVIDERS`, in the fixed order of `engines.evidence` |
| a message leaves the outbox | `OUTBOX`: topic → handler |
| time passes | `TIMERS` |
| departments survey their items | they see how many cases they had |
| a release is put in force | lists of commitments must have been reviewed |
| | the public must have been asked on standards of credit lists |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

from django.conf import settings
from django.utils import timezone

from yiwang.apps.benefits import public as benefits
from yiwang.apps.benefits.adapters.treasury import DemoTreasury, HttpTreasury
from yiwang.apps.casework import public as casework
from yiwang.apps.catalogue import public as catalogue
from yiwang.apps.commitments import public as commitments
from yiwang.apps.commitments.adapters.gateway import GatewaySource
from yiwang.apps.credit import public as credit
from yiwang.apps.data_security import public as data_security
from yiwang.apps.exchange import public as exchange
from yiwang.apps.exchange.adapters.province.demo import DemoPlatform
from yiwang.apps.exchange.adapters.province.http import HttpPlatform
from yiwang.apps.firms import public as firms
from yiwang.apps.gateway import public as gateway
from yiwang.apps.gateway.adapters import CONNECTORS
from yiwang.apps.journal import public as journal
from yiwang.apps.licences import public as licences
from yiwang.apps.licences.adapters.province import DemoProvince, HttpProvince
from yiwang.apps.lookups import public as lookups
from yiwang.apps.lookups.adapters.gateway import GatewayExchange
from yiwang.apps.materials import public as materials
from yiwang.apps.notices import public as notices
from yiwang.apps.notices.adapters.demo import DemoTexts
from yiwang.apps.presentment import public as presentment
from yiwang.apps.quality import public as quality
from yiwang.apps.quality.adapters.provider_folder import DemoProvider
from yiwang.apps.quality.adapters.provider_http import HttpProviders
from yiwang.apps.seals import public as seals
from yiwang.apps.seals.adapters.demo_authority import DemoAuthority
from yiwang.apps.seals.adapters.file_keeper import FileKeeper
from yiwang.apps.signatures import public as signatures
from yiwang.apps.signatures.adapters.house import HouseSigning
from yiwang.apps.signatures.adapters.outside import OutsideSigning
from yiwang.apps.waivers import public as waivers
from yiwang.engines.definitions import Catalogue
from yiwang.engines.definitions.kinds import Setting
from yiwang.engines.evidence import Provider
from yiwang.engines.sealing import verify_signature
from yiwang.kernel.actor import Actor
from yiwang.kernel.errors import NotFound, YiwangError


def providers() -> list[Provider]:
    """Where answers may already be: licences on record, documents that earlier cases accepted."""

    def in_force() -> Catalogue:
        return catalogue.current().catalogue

    return [licences.LicenceProvider(in_force), materials.EMaterialProvider(in_force)]


def looked_up(application: str) -> Sequence[Provider]:
    """What other departments' data answered for one application, by its applicant's consent."""
    return lookups.providers_for(application, lambda: catalogue.current().catalogue)


def outbox() -> Mapping[str, journal.Handler]:
    """Topic → who carries it. The demo twin writes texts into the data directory."""
    return {
        notices.TOPIC: notices.deliver_text(DemoTexts(settings.DATA_DIR / "texts")),
        licences.TRIAL: licences.try_licence,
        licences.INDEX: licences.push_index(province()),
        benefits.TOPIC: benefits.pay_through(treasury()),
        exchange.CASCADE: exchange.push_up(provincial_platform()),
        quality.CORRECTION_TOPIC: quality.deliver_correction(correction_systems().carry),
        signatures.TOPIC: journal.Outside(signatures.revoke_at_service),
    }


def province() -> licences.Province:
    """The province's store of e-licences, or its demo twin where no address is set."""
    url, token = settings.ENV["PROVINCE_URL"], settings.ENV["PROVINCE_TOKEN"]
    return HttpProvince(url, token) if url else DemoProvince(settings.DATA_DIR / "province")


def provincial_platform() -> exchange.ProvincialPlatform:
    """The province's exchange platform, or its demo twin where no address is set."""
    url, token = settings.ENV["PROVINCE_EXCHANGE_URL"], settings.ENV["PROVINCE_EXCHANGE_TOKEN"]
    if url:
        return HttpPlatform(url, token, exchange.pace)
    return DemoPlatform(settings.DATA_DIR / "province-exchange")


def read_province() -> int:
    """What the province tells us of: its catalogue, answers, data that flow back."""
    return exchange.read_province(provincial_platform())


def correction_systems() -> HttpProviders:
    """Providers' systems to which corrections go; those without an address get them into a folder."""
    return HttpProviders(
        urls=settings.ENV["CORRECTIONS_URLS"],
        others=DemoProvider(settings.DATA_DIR / "corrections").carry,
        sign=gateway.sign_request,
        seconds=quality.correction_seconds,
    )


def treasury() -> benefits.Treasury:
    """The treasury's payment system, or its demo twin where no address is set."""
    url, token = settings.ENV["TREASURY_URL"], settings.ENV["TREASURY_TOKEN"]
    return HttpTreasury(url, token) if url else DemoTreasury(settings.DATA_DIR / "treasury")


def timers() -> list[Callable[[], object]]:
    """What the worker runs again and again, besides the outbox."""
    return [
        casework.run_timers,
        journal.seal_batch,
        end_journal_days,
        materials.remove_orphans,
        look_after_seals,
        licences.work_on_stock,
        presentment.forget_codes,
        _at_most_every(dt.timedelta(minutes=1), "policies", catalogue.publish_due),
        _at_most_every(dt.timedelta(hours=1), "facts", benefits.fetch_due),
        _at_most_every(dt.timedelta(minutes=1), "match", benefits.match_if_changed),
        _at_most_every(dt.timedelta(minutes=1), "unclaimed", benefits.remind_unclaimed),
        _at_most_every(dt.timedelta(hours=1), "remind", benefits.remind),
        _at_most_every(
            dt.timedelta(minutes=10), "reconcile", lambda: benefits.reconcile_yesterday(treasury())
        ),
        benefits.advance,
        _at_most_every(dt.timedelta(minutes=10), "bars", lambda: benefits.look_at_bars(timezone.localdate())),
        gateway.work_on_batches,
        gateway.forget_what_ended,
        exchange.look_after_requests,
        _at_most_every(dt.timedelta(minutes=1), "needs", exchange.follow_grants),
        _at_most_every(dt.timedelta(hours=1), "returned", exchange.forget_returned),
        quality.look_after_objections,
        firms.look_after_requests,
        _at_most_every(dt.timedelta(minutes=1), "compare", commitments.compare_due),
        quality.look_after_quality,
        credit.look_after_credit,
        _at_most_every(dt.timedelta(minutes=1), "evaluate", credit.evaluate_due),
        _at_most_every(dt.timedelta(hours=1), "merge", credit.merge_facts),
        read_province,
        lambda: lookups.forget_expired(timezone.now()),
        watch_calls,
    ]


_ran: dict[str, dt.datetime] = {}


def _at_most_every(span: dt.timedelta, name: str, do: Callable[[], object]) -> Callable[[], object]:
    """A timer that need not run at every turn of this worker, nor be tried again at once when it fails."""

    def run() -> object:
        if name in _ran and timezone.now() - _ran[name] < span:
            return None
        _ran[name] = timezone.now()
        return do()

    return run


_SEAL_AGAIN = dt.timedelta(minutes=10)  # after a refusal: each one is written into the seal's log
_refused_at: list[dt.datetime] = []


def end_journal_days() -> None:
    """Yesterday's journal gets its root; it is sealed if a seal is set up for it, else it waits for one.

    Raises what the seal raises when it is refused; it is asked again ten minutes later.
    """
    journal.close_days()
    if _refused_at and timezone.now() - _refused_at[-1] < _SEAL_AGAIN:
        return
    try:
        journal.seal_days(seals.system_press(journal.SEAL_PURPOSE))
    except YiwangError:
        _refused_at[:] = [timezone.now()]
        raise
    _refused_at.clear()


def check_day_seal() -> journal.SealCheck:
    """How the seal of a journal's day is verified: against whom we believe now."""
    trust, now = seals.trust(), timezone.now()

    def check(der: bytes, digest: bytes) -> str:
        failed = verify_signature(der, digest=digest, trust=trust, at=now).failed
        return f"第{failed.number}步“{failed.name}”：{failed.why}" if failed else ""

    return check


def watch_calls() -> int:
    """Unusual access told, daily sums kept, late reports and rectifications urged; how many alerts."""
    return data_security.look_after_data_security(gateway)


def people_of_cases(asked: Mapping[str, Collection[str]]) -> Mapping[str, Collection[str]]:
    """Whom cases are about, as calls know them: applicants and agents; where somebody else was asked about,
    also who represents them and whoever the form names."""
    known: dict[str, Collection[str]] = dict(casework.applying(asked))
    others = [case for case, ids in known.items() if not set(ids).issuperset(asked[case])]
    for case, told in casework.concerned(others).items():
        numbers = (index for number in told.numbers for index in gateway.subject_indexes(number))
        known[case] = {*told.ids, *numbers}
    return known


def look_after_seals() -> int:
    """Letters to custodians before a seal runs out, how many; keys of ended seals gone for good."""
    return seals.look_after(notices.notify)


def plug_in() -> None:
    """Plug everything in; called once when Django is ready."""
    casework.use_providers(providers(), of_case=looked_up)
    catalogue.use_publication_guards(commitments.guard_publication, credit.guard_standards)
    commitments.use_source(GatewaySource())
    lookups.use_exchange(GatewayExchange())
    waivers.use_volumes(casework.volumes)
    benefits.use_applications(casework.applied)
    data_security.use_people(people_of_cases)
    data_security.use_savings(lookups.saved_on)
    presentment.judge_applications(has_in_hand)
    seals.use_keepers(FileKeeper(settings.DATA_DIR / "keys"))
    seals.use_issuer(DemoAuthority())
    seals.use_settings(_settings)
    signatures.use_services(*signing_services())
    signatures.use_trust(seals.trust)
    signatures.use_settings(_settings)
    gateway.use_connectors(CONNECTORS)
    gateway.use_marks(quality.words_on, quality.marked_records)


def has_in_hand(actor: Actor, application: str) -> bool:
    """Whether an officer may open an application that is being handled; the look is logged there."""
    try:
        return casework.application_view(actor, application).row.stage == "handling"
    except NotFound:
        return False


def signing_services() -> list[signatures.SigningService]:
    """Who keeps people's signature keys: an outside service where an address is set, for new ones; the
    house's own otherwise, and for what it has."""
    url, token = settings.ENV["SIGNING_URL"], settings.ENV["SIGNING_TOKEN"]
    return [*([OutsideSigning(url, token)] if url else []), HouseSigning()]


def _settings() -> Mapping[str, Setting]:
    return catalogue.current().catalogue.settings
