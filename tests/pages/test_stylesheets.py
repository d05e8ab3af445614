"""What the stylesheets promise: small, in layers, raw colours in one file."""

import re

from config import ROOT

SHEETS = sorted((ROOT / "scheduler" / "static" / "css").glob("*.css"))
LARGEST_SUM = 30 * 1024
"""Bytes of all sheets together."""
INK_ON_PAPER = "#(000|333|666|999|fff)"
"""What print uses."""


def test_all_stylesheets_together_stay_small():
    assert sum(sheet.stat().st_size for sheet in SHEETS) <= LARGEST_SUM


def test_stylesheets_use_neither_ids_nor_important_nor_other_machines():
    for sheet in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)

        assert "!important" not in text, sheet.name
        assert "http" not in text, sheet.name
        assert not re.findall(r"#[a-z][\w-]*[^;{}]*\{", text), sheet.name


def test_every_rule_stands_in_a_layer_that_is_known():
    order = re.search(r"@layer ([\w, ]+);", (SHEETS[0].parent / "tokens.css").read_text())
    known = order[1].split(", ")
    for sheet in SHEETS:
        used = re.findall(r"@layer (\w+) \{", sheet.read_text())

        assert used, sheet.name
        assert set(used) <= set(known), sheet.name


def test_colours_are_named_in_one_file():
    for sheet in SHEETS:
        if sheet.name != "tokens.css":
            text = re.sub(INK_ON_PAPER, "", sheet.read_text())

            assert not re.findall(r"#[0-9a-f]{3,8}\b", text), sheet.name
