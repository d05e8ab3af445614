"""Every route as every role: what is not one's own does not exist."""

import pytest
from flask import Blueprint

from scheduler.extensions import db
from scheduler.models import Clinician
from scheduler.security import SIGNED_IN, access
from tests.page_client import PageClient
from tests.security.matrix import LOGINS, address_of, own_ids, routes_of, try_as, unknown_parameters


@pytest.mark.parametrize("login", LOGINS)
def test_no_role_reaches_what_is_not_its_own(app, world, login):
    assert list(try_as(app, world, login)) == []


def test_the_world_has_an_example_of_each_id_in_an_address(app):
    assert unknown_parameters(app) == []


def test_every_act_without_a_csrf_token_is_refused(app, world):
    client = PageClient(app).sign_in("coordinator.mons")
    ids = own_ids(world.ours)

    passed = [
        str(route)
        for route in routes_of(app)
        if route.method != "GET"
        and client.client.open(address_of(app, route, ids), method=route.method).status_code != 400
    ]

    assert passed == []


def test_a_page_that_forgets_to_ask_whose_something_is_would_be_found(app, world):
    _plant(app, "/planted/<int:clinician_id>", _name_of_any_clinician)

    found = list(try_as(app, world, "coordinator.mons", only="/planted"))

    assert found == ["GET /planted/<int:clinician_id> as coordinator.mons with clinician_id of strangers: 200, not 404"]


def test_a_list_that_shows_everyone_would_be_found(app, world):
    _plant(app, "/planted", lambda: " ".join(db.session.scalars(db.select(Clinician.name))))

    found = list(try_as(app, world, "clinician.mons", only="/planted"))

    assert "GET /planted as clinician.mons names Dr Visitor Hospital Mouscron" in found


def test_a_page_without_access_mark_would_be_found_and_is_open_to_nobody(app, world):
    app.add_url_rule("/planted", "planted", lambda: "open")

    assert list(try_as(app, world, "platform", only="/planted")) == ["GET /planted has no access mark"]
    PageClient(app).sign_in("coordinator.mons").get("/planted", status=403)


def test_an_id_of_a_kind_that_the_world_lacks_would_be_found(app, world):
    _plant(app, "/planted/<int:dragon_id>", lambda dragon_id: "")

    assert unknown_parameters(app) == [
        "GET /planted/<int:dragon_id>: add 'dragon_id' to own_ids in tests/security/matrix.py"
    ]


def _name_of_any_clinician(clinician_id):
    found = db.session.get(Clinician, clinician_id)
    return found.name if found else ("", 404)


def _plant(app, address, view):
    blueprint = Blueprint("planted", __name__)
    blueprint.add_url_rule(address, "show", access(SIGNED_IN)(view))
    app.register_blueprint(blueprint)
