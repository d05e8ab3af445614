"""Every deed that is written to the journal has words on the administrator's start page."""

import ast

from config import ROOT
from scheduler.views.home import DEEDS

WRITERS = sorted(path for area in ("services", "cli", "demo") for path in (ROOT / "scheduler" / area).rglob("*.py"))
OF_VERSIONS = "roster_version."
"""Put before deeds that name no area of their own."""


def test_every_deed_that_is_written_has_words():
    written = set(_deeds())

    assert len(written) > 20
    assert written - DEEDS.keys() == set()


def test_no_words_are_kept_for_what_nobody_does():
    assert DEEDS.keys() - set(_deeds()) == set()


def test_an_administrator_reads_words_and_no_codes(page_client, world):
    page_client.sign_in("coordinator.mons").post(f"/rosters/{world.ours.roster}/drafts")

    page = page_client.sign_in("administrator.mons").get("/")

    assert "Draft started" in page.text
    assert "roster_version.started" not in page.text


def _deeds():
    """Give all constants that are handed to a parameter named deed, through whatever functions."""
    trees = [ast.parse(path.read_text()) for path in WRITERS]
    everywhere = {name: place for tree in trees for name, place in _takers(tree).items()}
    for tree in trees:
        takers = everywhere | _takers(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            given = [keyword.value for keyword in call.keywords if keyword.arg == "deed"]
            place = takers.get(getattr(call.func, "attr", getattr(call.func, "id", "")))
            if place is not None and place < len(call.args):
                given.append(call.args[place])
            for text in (text for value in given for text in _constants(value)):
                yield text if "." in text else OF_VERSIONS + text


def _takers(tree):
    """Give by name the functions of a module that take a deed, and at which place."""
    names = {
        node.name: [arg.arg for arg in node.args.args if arg.arg != "self"]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    return {name: taken.index("deed") for name, taken in names.items() if "deed" in taken}


def _constants(value):
    if isinstance(value, ast.IfExp):
        return _constants(value.body) + _constants(value.orelse)
    return [value.value] if isinstance(value, ast.Constant) else []
