"""Hospitals, rooms, zones, roads and holidays of the demonstration."""

from datetime import date

from scheduler.demo.source import Store, read_json, read_rows, titles_of_sources
from scheduler.extensions import db
from scheduler.models import (
    HalfDayTimes,
    Holiday,
    Organisation,
    Programme,
    Room,
    RoomOpening,
    Site,
    TravelTime,
    Zone,
)


def load_places(store: Store) -> dict[str, Site]:
    """Load all places; give the sites by code."""
    sites = {row["code"]: _site(store, row) for row in read_rows("sites.csv")}
    db.session.flush()
    settings = read_json("demonstration.json")
    for site in sites.values():
        _rooms(store, site, settings)
    for facts in read_json("zones.json"):
        _zone(store, facts, sites)
    _roads(store, sites)
    for row in read_rows("holidays.csv"):
        store.once(
            Holiday,
            {"calendar": row["calendar"], "on_date": date.fromisoformat(row["on_date"])},
            name=row["name"],
            is_statutory=row["is_statutory"] == "1",
        )
    for times in settings["half_days"]:
        store.once(
            HalfDayTimes,
            {"site_id": None, "kind": times.get("kind"), "half_day": times["half_day"]},
            starts=times["starts"],
            ends=times["ends"],
        )
    return sites


def _site(store: Store, row: dict[str, str]) -> Site:
    organisation = store.once(
        Organisation, {"code": row["organisation"]}, name=row["organisation_name"], country=row["country"]
    )
    return store.once(
        Site,
        {"code": row["code"]},
        organisation=organisation,
        name=row["name"],
        town=row["town"],
        postcode=row["postcode"],
        country=row["country"],
        timezone=row["timezone"],
        holiday_calendar=row["holiday_calendar"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        coordinates_source=row["coordinates_source"],
        register_name=row["register"],
        register_number=row["register_number"],
        beds=int(row["beds"]) if row["beds"] else None,
        languages=row["languages"].split(),
        membership=row["membership"],
        note=row["note"],
    )


def _rooms(store: Store, site: Site, settings: dict) -> None:
    counts = settings["rooms"].get(site.code, settings["rooms"][""])
    names = settings["room_names"].get(site.languages[0], settings["room_names"]["fr"])
    for kind, count in counts.items():
        for number in range(1, count + 1):
            code = f"{site.code}-{kind[0].upper()}{number}"
            if store.has(Room, code=code):
                continue
            special = settings["theatres"].get(code, {})
            store.once(
                Room,
                {"code": code},
                site=site,
                name=f"{names[kind]} {number}" if count > 1 else names[kind],
                kind=kind,
                equipment=special.get("equipment", []),
                openings=[_opening(text) for text in special.get("open", ())],
            )


def _opening(text: str) -> RoomOpening:
    weekday, half_day = text.split()
    return RoomOpening(weekday=int(weekday), half_day=half_day)


def _zone(store: Store, facts: dict, sites: dict[str, Site]) -> None:
    programmes = [store.once(Programme, {"code": code}, name=code) for code in facts["programmes"]]
    if store.has(Zone, code=facts["code"]):
        return
    titles = titles_of_sources()
    store.once(
        Zone,
        {"code": facts["code"]},
        name=facts["name"],
        in_force=facts["in_force"],
        area=facts["area"],
        note=facts["note"],
        facts={**facts["facts"], "sources": [titles[code] for code in facts["facts"]["sources"]]},
        sites=[sites[code] for code in facts["sites"]],
        programmes=programmes,
    )


def _roads(store: Store, sites: dict[str, Site]) -> None:
    for row in read_rows("travel_times.csv"):
        one_id, other_id = sorted((sites[row["one"]].id, sites[row["other"]].id))
        store.once(
            TravelTime,
            {"one_id": one_id, "other_id": other_id},
            minutes=int(row["minutes"]),
            minutes_low=int(row["minutes_low"]),
            minutes_high=int(row["minutes_high"]),
            kilometres=float(row["kilometres"]),
            is_estimated=True,
        )
