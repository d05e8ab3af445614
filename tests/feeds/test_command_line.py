import contextvars

import pytest

from scheduler.extensions import commit
from scheduler.models import Account


@pytest.fixture
def flask(app):
    """Run a command of the app as ``./run flask`` does."""

    def run(*arguments):
        def work():
            with app.app_context():
                return app.test_cli_runner().invoke(args=["feed", *arguments])

        return contextvars.Context().run(work)

    return run


def test_the_last_line_is_the_path_of_a_new_address(world, flask, program):
    result = flask("url", "--clinician", "Visitor Hospital Mons")

    path = result.output.splitlines()[-1]
    assert result.exit_code == 0
    assert path.startswith("/cal/")
    assert path.endswith("/dr-visitor-hospital-mons.ics")
    assert program.get(path).status_code == 200


def test_a_calendar_is_in_the_language_of_its_clinician(world, flask, db_session):
    db_session.query(Account).filter_by(login="clinician.mons").one().language = "nl"
    commit()

    assert "X-WR-CALNAME:Rooster –" in flask("show", "--clinician", "MON1").output
    assert flask("url", "--clinician", "MON1", "--label", "ward").exit_code == 0
    assert "X-WR-CALNAME:Roster" in flask("show", "--clinician", "MON1", "--language", "en").output
    line = next(line for line in flask("list").output.splitlines() if "ward" in line)
    assert line.split("\t")[3] == "nl"


def test_an_unclear_name_makes_no_address(world, flask):
    result = flask("url", "--clinician", "Visitor")

    assert result.exit_code == 1
    assert "Several fit “Visitor”" in result.output


def test_a_calendar_is_shown_without_an_address(world, flask):
    result = flask("show", "--clinician", "MON1", "--private")

    assert result.output.startswith("BEGIN:VCALENDAR")
    assert "SUMMARY:Busy" in result.output


def test_an_address_is_listed_and_revoked(world, flask, program):
    path = flask("url", "--clinician", "MON1", "--label", "ward").output.splitlines()[-1]
    number = next(line.split("\t")[0] for line in flask("list").output.splitlines() if "ward" in line)

    assert flask("revoke", number).exit_code == 0
    assert program.get(path).status_code == 404
    assert flask("revoke", number).exit_code == 1
