"""Organisations, their sites and rooms, holidays, travel, zones and programmes."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.extensions import Base, Model


class Organisation(Model):
    """A legal body, employer or contractor of clinicians."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str]
    sites: Mapped[list["Site"]] = relationship(back_populates="organisation", order_by="Site.name")


class Site(Model):
    """A place of an organisation, with address, country and IANA time zone."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    town: Mapped[str]
    postcode: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    timezone: Mapped[str]
    holiday_calendar: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]
    coordinates_source: Mapped[str] = mapped_column(default="")
    register_name: Mapped[str] = mapped_column(default="")
    register_number: Mapped[str] = mapped_column(default="")
    beds: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    membership: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    organisation: Mapped[Organisation] = relationship(back_populates="sites")
    rooms: Mapped[list["Room"]] = relationship(back_populates="site", order_by="Room.name")
    zones: Mapped[list["Zone"]] = relationship(secondary="zone_site", back_populates="sites")

    __table_args__ = (CheckConstraint("length(country) = 2", name="country_is_iso"),)


class Room(Model):
    """A theatre, consulting or meeting room, with the equipment tags it has.

    A room without openings is always open; one with openings is open on those half-days alone.
    """

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    equipment: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_accessible: Mapped[bool] = mapped_column(default=True)
    site: Mapped[Site] = relationship(back_populates="rooms")
    openings: Mapped[list["RoomOpening"]] = relationship(back_populates="room", cascade="all, delete-orphan")
    closures: Mapped[list["RoomClosure"]] = relationship(back_populates="room", cascade="all, delete-orphan")

    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        CheckConstraint("kind in ('consulting', 'theatre', 'meeting', 'ward')", name="kind"),
    )


class RoomOpening(Model):
    """A half-day of the week on which a room may be used."""

    __tablename__ = "room_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    half_day: Mapped[str]
    room: Mapped[Room] = relationship(back_populates="openings")

    __table_args__ = (
        UniqueConstraint("room_id", "weekday", "half_day"),
        CheckConstraint("weekday between 1 and 7", name="weekday_is_iso"),
    )


class RoomClosure(Model):
    """A room cannot be used in [start_on, end_on)."""

    __tablename__ = "room_closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    room: Mapped[Room] = relationship(back_populates="closures")

    __table_args__ = (CheckConstraint("start_on < end_on", name="starts_before_end"),)


class SiteClosure(Model):
    """A site plans no work in [start_on, end_on)."""

    __tablename__ = "site_closure"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (CheckConstraint("start_on < end_on", name="starts_before_end"),)


class Holiday(Model):
    """A holiday of a national calendar; ``is_statutory`` tells whether planned work stops."""

    __tablename__ = "holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar: Mapped[str]
    on_date: Mapped[date]
    name: Mapped[str]
    is_statutory: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (UniqueConstraint("calendar", "on_date"),)


class TravelTime(Model):
    """Minutes by road between two sites, the same both ways; the lower site id comes first."""

    __tablename__ = "travel_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    minutes: Mapped[int]
    minutes_low: Mapped[int | None]
    minutes_high: Mapped[int | None]
    kilometres: Mapped[float | None]
    is_estimated: Mapped[bool] = mapped_column(default=True)
    one: Mapped[Site] = relationship(foreign_keys=[one_id])
    other: Mapped[Site] = relationship(foreign_keys=[other_id])

    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="ordered"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
    )


zone_site = Table(
    "zone_site",
    Base.metadata,
    Column("zone_id", ForeignKey("zone.id"), primary_key=True),
    Column("site_id", ForeignKey("site.id"), primary_key=True),
)
zone_programme = Table(
    "zone_programme",
    Base.metadata,
    Column("zone_id", ForeignKey("zone.id"), primary_key=True),
    Column("programme_id", ForeignKey("programme.id"), primary_key=True),
)


class Programme(Model):
    """A funded initiative that groups zones and agreements, e.g. COSANTRAN."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zones: Mapped[list["Zone"]] = relationship(secondary=zone_programme, back_populates="programmes")


class Zone(Model):
    """An organised cross-border access zone (ZOAST) and its member sites."""

    __tablename__ = "zone"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    in_force: Mapped[str] = mapped_column(default="")
    area: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sites: Mapped[list[Site]] = relationship(secondary=zone_site, back_populates="zones", order_by=Site.name)
    programmes: Mapped[list[Programme]] = relationship(secondary=zone_programme, back_populates="zones")
