"""Whether the public sees the consultations under an agreement."""

import pytest

from scheduler.errors import NotAllowed, NotFound
from scheduler.extensions import db
from scheduler.models import JournalEntry, Zone
from scheduler.services.releasing import release
from tests import factories as make


@pytest.fixture
def public(pair):
    """The public feeds of the zones of host and home, never made; give which are wanted more than once."""
    rows = {}
    for code, site in (("HOST", pair.host), ("HOME", pair.home)):
        zone = make.add(Zone(code=code, name=code, sites=[site]))
        rows[code] = make.make_feed_bytes("public", zone.id)
        rows[f"{code} office"] = make.make_feed_bytes("zone", zone.id)

    def marked():
        db.session.expire_all()
        return {code for code, row in rows.items() if row.wanted > 1}

    return marked


def test_the_host_shows_consultations_to_the_public(pair, public):
    release(actor=pair.partner, agreement_id=pair.agreement.id, is_released=True)

    assert pair.agreement.is_released
    assert public() == {"HOST"}
    entry = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert (entry.deed, entry.subject, entry.subject_id) == (
        "agreement.released",
        "cooperation_agreement",
        pair.agreement.id,
    )
    assert entry.organisation_ids == sorted([pair.mons.id, pair.maubeuge.id])


def test_the_host_hides_them_again(pair, public):
    pair.agreement.is_released = True

    release(actor=pair.partner, agreement_id=pair.agreement.id, is_released=False)

    assert not pair.agreement.is_released
    assert public() == {"HOST"}
    assert db.session.query(JournalEntry).filter_by(deed="agreement.withheld").count() == 1


def test_nothing_happens_when_it_is_so_already(pair, public):
    entries = db.session.query(JournalEntry).count()

    release(actor=pair.partner, agreement_id=pair.agreement.id, is_released=False)

    assert public() == set()
    assert db.session.query(JournalEntry).count() == entries


def test_no_calendar_is_made_anew_for_what_is_no_consultation(pair, public):
    pair.visit.kind = "ward_round"

    release(actor=pair.partner, agreement_id=pair.agreement.id, is_released=True)

    assert public() == set()


@pytest.mark.parametrize(
    ("login", "refusal"),
    [
        ("administrator.maubeuge", None),
        ("manager.maubeuge", NotAllowed),
        ("coordinator.mons", NotAllowed),
        ("ada", NotAllowed),
        ("clinician.maubeuge", NotFound),
        ("coordinator.stranger", NotFound),
        ("platform", NotFound),
    ],
)
def test_only_coordinators_and_administrators_of_the_host_may(pair, login, refusal):
    for role in ("administrator", "manager", "clinician"):
        make.make_account(f"{role}.maubeuge", roles={pair.maubeuge: role})
    make.make_account("coordinator.stranger", roles={make.make_organisation("STRANGER"): "coordinator"})
    make.make_account("platform", is_platform_administrator=True)
    make.make_account("ada", roles={pair.mons: "clinician"}, clinician=pair.ada)

    if refusal is None:
        release(actor=pair.scope(login), agreement_id=pair.agreement.id, is_released=True)
        assert pair.agreement.is_released
    else:
        with pytest.raises(refusal):
            release(actor=pair.scope(login), agreement_id=pair.agreement.id, is_released=True)


def test_there_is_nothing_to_show_of_an_unknown_agreement(pair):
    with pytest.raises(NotFound):
        release(actor=pair.partner, agreement_id=987_654, is_released=True)
