"""What a browser gets that asks each second how a solve goes."""

import pytest

from scheduler.extensions import commit, db
from scheduler.models import Account, Roster
from scheduler.queries.scopes import scope_of
from scheduler.services import solve_work
from scheduler.services.solve_runs import request_solve
from scheduler.services.solve_work import Claim
from tests.demo_fixture import DEMO_NOW

FRAGMENT = {"X-Requested-With": "fetch"}


@pytest.fixture
def claim(demo_app) -> Claim:
    """A run of the demonstration that a worker has claimed."""
    with demo_app.app_context():
        account = db.session.query(Account).filter_by(login="coordinator.mons").one()
        roster = db.session.query(Roster).order_by(Roster.id.desc()).first()
        run = request_solve(actor=scope_of(account, DEMO_NOW.date()), roster_id=roster.id)
        commit()
        found = solve_work.claim_run(run_id=run.id, owner="worker")
        commit()
        assert found is not None
        return found


def test_nothing_new_is_304_and_progress_is_a_new_fragment(demo_app, demo_client, claim: Claim) -> None:
    demo_client.sign_in("coordinator.mons")
    address = f"/solve-runs/{claim.run_id}/progress"
    first = demo_client.client.get(address, headers=FRAGMENT)
    asked = {**FRAGMENT, "If-None-Match": first.headers["ETag"]}

    assert first.status_code == 200
    assert demo_client.client.get(address, headers=asked).status_code == 304
    with demo_app.app_context():
        solve_work.beat(claim, progress={"phase": "searching", "seconds": 1.0, "cost": 120, "bound": 80.0, "gaps": 0})
        commit()
    news = demo_client.client.get(address, headers=asked)

    assert news.status_code == 200
    assert news.headers["ETag"] != first.headers["ETag"]
    assert "120" in news.get_data(as_text=True)


def test_a_run_is_not_there_for_clinicians(demo_client, claim: Claim) -> None:
    demo_client.sign_in("demo")

    assert demo_client.client.get(f"/solve-runs/{claim.run_id}/progress", headers=FRAGMENT).status_code in (403, 404)
