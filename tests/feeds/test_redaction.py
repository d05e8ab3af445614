import io
import logging

import pytest

from scheduler.redaction import redact
from tests.feeds.conftest import CalendarProgram

TOKEN = "Zq3_x-" + "k" * 37


@pytest.fixture
def lines(app):
    """All that any logger writes, as text."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "line",
    [
        f'"GET /cal/{TOKEN}/dr-x.ics HTTP/1.1" 200 -',
        f"Exception on /cal/{TOKEN}/dr-x.ics [GET]",
        f"https://roster.example/cal/{TOKEN}/dr-x.ics?x=1",
        f"cid=webcal%3A%2F%2Froster.example%2Fcal%2F{TOKEN}%2Fdr-x.ics",
        f"/cal/{TOKEN}",
        f"GET /sign-in?next=%2Fcal%2F{TOKEN}%2Fdr-x.ics",
        f"GET /health?token={TOKEN}&x=1",
        f"Referer: https://elsewhere.example/{TOKEN}",
        f"no such token: '{TOKEN}'",
    ],
)
def test_a_token_is_hidden_wherever_an_address_is_named(line):
    assert TOKEN not in redact(line)
    assert "[secret]" in redact(line)


def test_other_lines_stay_as_they_are():
    for line in (
        "GET /rosters/12 200",
        "calendar",
        "/calendar/x",
        "/cal/zones/ardennes.ics",
        "sha256 " + "0f" * 32,
        "test_that_a_name_of_ours_as_long_as_a_token",
        "",
    ):
        assert redact(line) == line


def test_no_log_line_holds_a_token(app, lines):
    path = f"/cal/{TOKEN}/dr-x.ics"
    logging.getLogger("werkzeug").info("%s - - [%s] %s", "127.0.0.1", "now", f'"GET {path} HTTP/1.1" 200 -')
    logging.getLogger("waitress").warning("slow %(path)s", {"path": path})
    app.logger.error(f"Exception on {path} [GET]")
    try:
        raise ValueError(path)
    except ValueError as error:
        logging.getLogger("elsewhere").exception("failed: %s", error)

    assert TOKEN not in lines.getvalue()
    assert lines.getvalue().count("[secret]") == 5
    assert "Traceback" in lines.getvalue()


def test_serving_a_feed_writes_no_token(world, app, lines, subscribe):
    path, _ = subscribe(world.ours.visitor)
    token = path.split("/")[2]

    CalendarProgram(app).get(path)
    CalendarProgram(app).get(path + "x")
    CalendarProgram(app).send(path, "POST")

    assert token not in lines.getvalue()
