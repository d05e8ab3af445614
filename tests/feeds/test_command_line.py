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


def test_a_calendar_of_another_kind_is_made_by_name(world, flask, program):
    result = flask("url", "--feed", "site", "--subject", "FR-MAUBEUGE", "--cancelled", "--label", "screen")

    assert program.get(result.output.splitlines()[-1]).status_code == 200
    line = next(line for line in flask("list").output.splitlines() if "screen" in line)
    assert line.split("\t")[1:5] == ["site", "Site FR-MAUBEUGE", "en", "cancelled"]


def test_a_calendar_of_many_organisations_needs_to_know_whose_view_it_is(world, flask):
    vague = flask("url", "--feed", "specialty", "--subject", "urology")
    clear = flask("url", "--feed", "specialty", "--subject", "urology", "--organisation", "mons")

    assert vague.exit_code == flask("show", "--feed", "specialty", "--subject", "urology").exit_code == 1
    assert clear.exit_code == 0
    shown = flask("show", "--feed", "specialty", "--subject", "urology", "--organisation", "mons")
    assert shown.output.count("BEGIN:VEVENT") == 1


def test_a_calendar_of_nothing_is_refused(world, flask):
    assert flask("url").exit_code == 1
    assert flask("url", "--feed", "site", "--subject", "nowhere").exit_code == 1
    assert flask("url", "--feed", "specialty", "--subject", "urology", "--organisation", "nobody").exit_code == 1


def test_calendars_that_wait_are_made_from_the_command_line(world, flask):
    flask("url", "--clinician", "MON1", "--language", "nl")

    assert flask("render").output == "2 calendars were made anew.\n"
    assert flask("render").output == "0 calendars were made anew.\n"
