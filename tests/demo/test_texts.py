"""What pages show of the demonstration's data can be translated."""

from collections.abc import Iterator

from scheduler.demo.source import read_json, read_rows
from scheduler.demo.texts import TEXTS
from scheduler.terms_text import SPECIALTY_TEXTS, TITLE_JOINT


def test_the_module_and_the_data_files_hold_the_same_texts() -> None:
    assert set(_texts_on_pages()) == TEXTS


def test_every_specialty_has_a_name() -> None:
    names = {line["specialty"] for agreement in read_json("agreements.json") for line in agreement["lines"]}

    assert names <= SPECIALTY_TEXTS.keys()


def _texts_on_pages() -> Iterator[str]:
    """Give the texts that need a translation: names, bare years and the French register have none."""
    for agreement in read_json("agreements.json"):
        _, *parts = agreement["title"].split(TITLE_JOINT)
        yield from (part for part in parts if part not in SPECIALTY_TEXTS)
        yield from (agreement[name] for name in ("legal_basis", "frequency", "note") if agreement[name])
    for zone in read_json("zones.json"):
        if not zone["in_force"].isdigit():
            yield zone["in_force"]
    for site in read_rows("sites.csv"):
        yield from (site[name] for name in ("register", "note") if site[name] not in ("", "FINESS"))
    for theatre in read_json("demonstration.json")["theatres"].values():
        yield from theatre.get("equipment", ())
