"""What an account can see: its organisations, and partners through agreements in force."""

from datetime import date

import pytest

from scheduler.models import Account, CooperationAgreement, Organisation
from scheduler.queries.scopes import scope_of
from tests import factories as make


def scope(db_session, login, on=date(2026, 11, 18)):
    return scope_of(db_session.query(Account).filter_by(login=login).one(), on)


def test_a_coordinator_sees_the_partner_through_an_agreement_in_force(db_session, world):
    found = scope(db_session, "coordinator.mons")

    assert found.organisation_ids == {world.ours.home}
    assert found.partner_ids == {world.ours.host}
    assert found.agreement_ids == {world.ours.agreement}
    assert found.role_in(world.ours.home) == "coordinator"
    assert found.role_in(world.ours.host) is None


def test_the_partner_sees_back(db_session, world):
    assert scope(db_session, "coordinator.maubeuge").partner_ids == {world.ours.home}


@pytest.mark.parametrize(
    ("on", "is_partner"),
    [(date(2026, 1, 31), False), (date(2026, 2, 1), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False)],
)
def test_an_agreement_counts_from_its_first_day_to_the_day_before_its_end(db_session, world, on, is_partner):
    agreement = db_session.get(CooperationAgreement, world.ours.agreement)
    agreement.valid_from, agreement.valid_until = date(2026, 2, 1), date(2026, 3, 1)

    assert bool(scope(db_session, "coordinator.mons", on).partner_ids) is is_partner


def test_an_agreement_within_one_organisation_makes_no_partner(db_session, world):
    organisation = db_session.get(Organisation, world.ours.home)
    make.make_agreement(organisation.sites[0], organisation.sites[0], code="INSIDE")

    assert scope(db_session, "coordinator.mons").partner_ids == {world.ours.host}


def test_a_clinicians_scope_names_the_clinician(db_session, world):
    assert scope(db_session, "clinician.mons").clinician_id == world.ours.visitor


def test_the_platform_administrator_sees_no_organisation(db_session, world):
    found = scope(db_session, "platform")

    assert found.is_platform_administrator
    assert not found.visible_organisation_ids
    assert not found.has_role("administrator")
